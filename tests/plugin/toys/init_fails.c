#define TOY_ID "init_fails"
#define TOY_INIT init
#include <sage/plugin.h>
static sage_status init(const sage_host* host) {
  (void)host;
  return SAGE_E_UNSUPPORTED;
}
#include "toy.h"
