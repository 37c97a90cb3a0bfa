#define TOY_ID "init_crashes"
#define TOY_INIT init
#include <sage/plugin.h>

#include <stdlib.h>
static sage_status init(const sage_host* host) {
  (void)host;
  abort();
}
#include "toy.h"
