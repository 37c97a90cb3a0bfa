#define TOY_OPERATOR_ID ((const char*)16)
#include "toy.h"
