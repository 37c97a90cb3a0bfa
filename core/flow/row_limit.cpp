#include "flow/row_limit.hpp"

#include <algorithm>
#include <utility>

namespace sage::flow {

RowLimit::RowLimit(std::uint64_t rows, std::function<void()> reached)
    : limited_(rows != UINT64_MAX), left_(rows), reached_(std::move(reached)) {}

std::uint64_t RowLimit::take(std::uint64_t rows) {
  if (!limited_)
    return rows;
  std::uint64_t left = left_.load();
  while (!left_.compare_exchange_weak(left, left - std::min(left, rows))) {
  }
  if (left > 0 && left <= rows)
    reached_();
  return std::min(left, rows);
}

}  // namespace sage::flow
