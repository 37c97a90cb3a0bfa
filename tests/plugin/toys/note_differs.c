#define TOY_NOTE_ID "other"
#include "toy.h"
