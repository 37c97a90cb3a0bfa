#define TOY_ABI_BUILT SAGE_ABI(1, 99)
#define TOY_ABI_MIN SAGE_ABI(1, 98)
#include "toy.h"
