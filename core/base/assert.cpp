#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace sage {

void assert_failed(const char* expression, const char* file, int line) noexcept {
  std::fprintf(stderr, "sage: internal error (SAGE-E0001): %s does not hold at %s:%d\n", expression,
               file, line);
  std::abort();
}

}  // namespace sage
