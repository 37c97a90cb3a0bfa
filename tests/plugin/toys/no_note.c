#define TOY_NO_NOTE
#include "toy.h"
