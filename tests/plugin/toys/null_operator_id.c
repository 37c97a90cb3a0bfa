#define TOY_OPERATOR_ID NULL
#include "toy.h"
