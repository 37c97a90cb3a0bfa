#include "toy.h"

#include <unistd.h>
__attribute__((constructor)) static void at_load(void) {
  for (;;) {
    pause();
  }
}
