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

}  // namespace sage
