#pragma once
// Rows that the sinks of a job may still take, all of them together. [any]

#include <atomic>
#include <cstdint>
#include <functional>

namespace sage::flow {

class RowLimit {
 public:
  // UINT64_MAX: any number. `reached` is called once, by whoever takes the last row.
  RowLimit(std::uint64_t rows, std::function<void()> reached);
  // How many of `rows` may be taken.
  std::uint64_t take(std::uint64_t rows);

 private:
  bool limited_;
  std::atomic<std::uint64_t> left_;
  std::function<void()> reached_;
};

}  // namespace sage::flow
