#define TOY_OPERATOR_ID "Tally!"
#include "toy.h"
