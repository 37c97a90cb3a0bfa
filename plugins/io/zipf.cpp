#include "zipf.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace sage::io {

Zipf::Zipf(std::uint32_t n, double exponent) {
  constexpr double kOne = 1ull << 40;
  std::uint64_t sum = 0;
  sums_.reserve(n);
  for (std::uint32_t k = 0; k < n; ++k) {
    sum += static_cast<std::uint64_t>(std::llround(kOne * std::pow(k + 1.0, -exponent)));
    sums_.push_back(sum);
  }
  // About as many starts as numbers, so that few are left to search between two starts.
  const auto sum_bits = static_cast<std::uint32_t>(std::bit_width(sum));
  const auto n_bits = static_cast<std::uint32_t>(std::bit_width(n));
  shift_ = sum_bits > n_bits ? sum_bits - n_bits : 0;
  starts_.reserve(((sum - 1) >> shift_) + 2);
  std::uint32_t k = 0;
  for (std::uint64_t start = 0; start <= (sum - 1) >> shift_; ++start) {
    while (sums_[k] <= start << shift_) {
      ++k;
    }
    starts_.push_back(k);
  }
  starts_.push_back(n - 1);
}

std::uint32_t Zipf::draw(std::uint64_t bits) const {
  const std::uint64_t at = scale(bits, sums_.back());
  const std::uint64_t start = at >> shift_;
  const auto first = sums_.begin() + starts_[start];
  const auto last = sums_.begin() + starts_[start + 1];
  return static_cast<std::uint32_t>(std::upper_bound(first, last, at) - sums_.begin());
}

}  // namespace sage::io
