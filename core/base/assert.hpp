#pragma once
// SAGE_ASSERT: for bugs, on in every build. Never for files, users, peers or plugins.

namespace sage {
[[noreturn]] void assert_failed(const char* expression, const char* file, int line) noexcept;
}

#define SAGE_ASSERT(expression) \
  ((expression) ? static_cast<void>(0) : ::sage::assert_failed(#expression, __FILE__, __LINE__))
