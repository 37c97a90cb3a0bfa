#define TOY_ANSWER NULL
#include "toy.h"
