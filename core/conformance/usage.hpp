#pragma once
// What this process holds right now, to find out what is left behind. [any]

#include <cstdint>

namespace sage::conformance {

struct Usage {
  std::int64_t heap = 0;         // bytes that malloc has given out
  std::int64_t resident = 0;     // bytes
  std::int64_t descriptors = 0;  // open ones
  std::int64_t threads = 0;
};

Usage usage_now();

}  // namespace sage::conformance
