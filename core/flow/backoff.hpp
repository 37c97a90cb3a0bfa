#pragma once
// The tries that are left to a call, and the waits before them: twice as long each time, and
// jittered, so that instances that failed together do not come back together. Equal seeds give
// equal waits. Used by the task thread of one operator instance.

#include "base/retry.hpp"

#include <cstdint>
#include <optional>

namespace sage::flow {

class Backoff {
 public:
  Backoff(const Retry& retry, std::uint64_t seed) : retry_(retry), random_(seed) {}

  // The call asks for another try: how long to wait before it, between half of the back-off and all
  // of it. Nothing: none is left.
  std::optional<std::int64_t> next_ns();
  std::int64_t used() const { return used_; }
  // The call is over; the next one has every try.
  void reset() { used_ = 0; }

 private:
  std::uint64_t random();

  Retry retry_;
  std::uint64_t random_;
  std::int64_t used_ = 0;
};

}  // namespace sage::flow
