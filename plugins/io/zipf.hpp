#pragma once
// Draws whole numbers 0 .. n-1 where k is drawn in proportion to (k + 1)^-exponent, from random
// bits that the caller brings. Immutable once made.
//
// The weights are rounded to multiples of 2^-40 and summed as integers, so that the last bit of
// pow(), which differs between C libraries, does not reach the result (but in about one table of a
// thousand, where a weight lies right between two multiples: one draw in 2^40 differs there).

#include <cstdint>
#include <vector>

namespace sage::io {

// High 64 bits of the product: `bits` scaled down to 0 .. n-1.
constexpr std::uint64_t scale(std::uint64_t bits, std::uint64_t n) {
  __extension__ using Wide = unsigned __int128;
  return static_cast<std::uint64_t>((static_cast<Wide>(bits) * n) >> 64);
}

class Zipf {
 public:
  static constexpr std::uint32_t kSizeMax = 10'000'000;  // 160 MB of tables at most

  Zipf() = default;
  // 1 <= n <= kSizeMax, exponent > 0.
  Zipf(std::uint32_t n, double exponent);
  std::uint32_t draw(std::uint64_t bits) const;

 private:
  std::vector<std::uint64_t> sums_;    // of the weights up to and with k
  std::vector<std::uint32_t> starts_;  // by the high bits of a draw: the first k to look at
  std::uint32_t shift_ = 0;
};

}  // namespace sage::io
