/* Built with a later header of the same major version, which it can do without. */
#define TOY_ABI_BUILT SAGE_ABI(1, 99)
#define TOY_PLUGIN_SIZE (sizeof(sage_plugin) + 64)
#include "toy.h"
