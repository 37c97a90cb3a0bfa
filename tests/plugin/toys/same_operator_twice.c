#define TOY_OPERATORS 2u
#include "toy.h"
