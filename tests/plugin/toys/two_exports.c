#include "toy.h"
SAGE_EXPORT int toy_helper(void) { return 1; }
