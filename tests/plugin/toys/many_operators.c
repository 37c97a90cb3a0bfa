#define TOY_OPERATORS 0xffffffffu
#include "toy.h"
