#pragma once
// A clock that goes when the test says so. [any]

#include "base/clock.hpp"

#include <atomic>

namespace sage::test {

class FakeClock final : public Clock {
 public:
  std::int64_t now_ns() const override { return now_.load(); }
  std::int64_t wall_ns() const override { return now_.load(); }
  void advance(std::int64_t ns) { now_.fetch_add(ns); }

 private:
  std::atomic<std::int64_t> now_{1};
};

}  // namespace sage::test
