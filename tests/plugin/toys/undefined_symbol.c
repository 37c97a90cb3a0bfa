#include "toy.h"
int toy_defined_nowhere(void);
__attribute__((used)) static int use(void) { return toy_defined_nowhere(); }
