#pragma once
// How often a call that asks for another try gets one, and after how long. A value.

#include <cstdint>

namespace sage {

struct Retry {
  std::int64_t times = 0;       // beyond the first try; 0: never
  std::int64_t backoff_ns = 0;  // before the first of them; twice as long before each next one
  std::int64_t max_ns = 0;      // but never longer than this, which is at least backoff_ns
};

}  // namespace sage
