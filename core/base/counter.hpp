#pragma once
// A number that one thread writes and any thread may read. Relaxed: no order with other data.

#include <atomic>
#include <cstdint>

namespace sage {

class Counter {
 public:
  void add(std::uint64_t n) {  // the owner's thread
    value_.store(value_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }
  std::uint64_t get() const { return value_.load(std::memory_order_relaxed); }  // [any]

 private:
  std::atomic<std::uint64_t> value_{0};
};

// What many threads take and give back, and the most that it ever was. [any], relaxed.
class Level {
 public:
  void rise(std::uint64_t n) {
    const std::uint64_t now = now_.fetch_add(n, std::memory_order_relaxed) + n;
    std::uint64_t most = most_.load(std::memory_order_relaxed);
    while (most < now && !most_.compare_exchange_weak(most, now, std::memory_order_relaxed)) {
    }
  }
  void fall(std::uint64_t n) { now_.fetch_sub(n, std::memory_order_relaxed); }
  std::uint64_t most() const { return most_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> now_{0};
  std::atomic<std::uint64_t> most_{0};
};

}  // namespace sage
