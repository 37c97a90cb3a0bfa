/* Talks when it is loaded, and leaves a process behind that holds the output open. */
#include "toy.h"

#include <unistd.h>

#include <stdio.h>
__attribute__((constructor)) static void at_load(void) {
  puts("{\"code\": \"E0000\", \"reason\": \"not an answer\"}");
  fflush(stdout);
  if (fork() == 0) {
    for (;;) {
      pause();
    }
  }
}
