/* Built with a header in which sage_plugin ends before `init`: what lies there means nothing. */
#include <stdint.h>
#define TOY_PLUGIN_SIZE offsetof(sage_plugin, init)
#define TOY_INIT ((sage_status(*)(const sage_host*))(uintptr_t)1)
#include "toy.h"
