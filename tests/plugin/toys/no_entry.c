#define TOY_ENTRY __attribute__((used)) static const sage_plugin* entry
#include "toy.h"
