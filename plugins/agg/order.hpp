#pragma once
// float64 values as integers of the same order: -0.0 below 0.0, so that no result depends on which
// of equal values came first, and NaN, which has no place of its own, at the end that is asked for.

#include <bit>
#include <cstdint>
#include <limits>

namespace sage::agg {

enum class NanIs { kLowest, kHighest };

namespace detail {

// Its own inverse.
constexpr std::int64_t flipped(std::int64_t bits) {
  return bits < 0 ? bits ^ std::numeric_limits<std::int64_t>::max() : bits;
}

}  // namespace detail

// Infinities stay clear of both ends, which are NaN.
constexpr std::int64_t order_of(double value, NanIs nan) {
  if (value != value) {
    return nan == NanIs::kLowest ? std::numeric_limits<std::int64_t>::min()
                                 : std::numeric_limits<std::int64_t>::max();
  }
  return detail::flipped(std::bit_cast<std::int64_t>(value));
}

constexpr double value_of(std::int64_t order) {
  if (order == std::numeric_limits<std::int64_t>::min() ||
      order == std::numeric_limits<std::int64_t>::max()) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  return std::bit_cast<double>(detail::flipped(order));
}

}  // namespace sage::agg
