#define TOY_ABI_BUILT SAGE_ABI(2, 0)
#define TOY_ABI_MIN SAGE_ABI(2, 0)
#include "toy.h"
