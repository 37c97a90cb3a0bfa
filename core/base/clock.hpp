#pragma once
// Where time comes from, so that tests can own it. [any]

#include <cstdint>

namespace sage {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual std::int64_t now_ns() const = 0;   // monotonic
  virtual std::int64_t wall_ns() const = 0;  // since 1970 UTC
};

// The machine's own clock; lives for ever.
const Clock& system_clock();

}  // namespace sage
