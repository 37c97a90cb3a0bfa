#pragma once
// Which records an operator of moody.cpp rejects, and how often it asks to repeat a call: the
// operators go by it, and the model of a random graph does. A value.

#include <sage/hash.hpp>

#include <cstdint>

namespace sage {

struct Mood {
  std::int64_t seed = 0;
  std::int64_t rejects = 0;  // about one number in so many; 0: none
  std::int64_t asks = 0;     // at about one number in so many; 0: at none

  bool is_rejected(std::int64_t n) const { return rejects > 0 && draw(0, n) % of(rejects) == 0; }
  // So often, 3 times at most, before a call succeeds that has this number.
  std::uint32_t tries(std::int64_t n) const {
    return asks > 0 && draw(1, n) % of(asks) == 0 ? 1 + static_cast<std::uint32_t>(draw(2, n) % 3)
                                                  : 0;
  }

 private:
  static std::uint64_t of(std::int64_t many) { return static_cast<std::uint64_t>(many); }
  std::uint64_t draw(std::uint64_t what, std::int64_t n) const {
    return stable_hash(n) ^ stable_hash(static_cast<std::int64_t>(3 * of(seed) + what));
  }
};

}  // namespace sage
