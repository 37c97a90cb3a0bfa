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

// `delay_ns` >= 0 after `now_ns`; what is too far away to be a time is never.
inline std::int64_t later(std::int64_t now_ns, std::int64_t delay_ns) {
  return now_ns > INT64_MAX - delay_ns ? INT64_MAX : now_ns + delay_ns;
}

// The machine's own clock; lives for ever.
const Clock& system_clock();

}  // namespace sage
