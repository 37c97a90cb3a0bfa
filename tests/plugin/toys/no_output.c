#define TOY_OUTPUTS 0u
#include "toy.h"
