#define TOY_KIND SAGE_KIND_SINK
#include "toy.h"
