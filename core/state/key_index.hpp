#pragma once
// From key hashes to record numbers: a hash table of cache lines, each with eight numbers and half
// of the hash of each, compared all at once. A look-up touches one line, rarely the next. Used by
// KeyedState alone, on its thread.

#include "state/block.hpp"

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace sage::state {

class KeyIndex {
 public:
  KeyIndex();

  // What the index wants of a key hash: its high half, made odd, as 0 marks a free place. The low
  // half chooses the key group, so some of its bits are the same all over a state.
  static std::uint32_t tag_of(std::uint64_t hash) {
    return static_cast<std::uint32_t>(hash >> 32) | 1u;
  }

  // Brings the line nearer that a look-up begins at.
  void prefetch(std::uint32_t tag) const { __builtin_prefetch(&lines_[home(tag)]); }

  // A record that most likely has the key, if there is any; kNone if its line has none.
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t guess(std::uint32_t tag) const {
    const Line& line = lines_[home(tag)];
    const std::uint32_t hits = line.places_of(tag);
    return hits == 0 ? kNone : line.numbers[std::countr_zero(hits)];
  }

  // The record of this tag for which `is_key(number)` holds, or kNone.
  template <class IsKey>
  std::uint32_t find(std::uint32_t tag, IsKey is_key) const {
    for (std::uint32_t i = home(tag);; i = after(i)) {
      const Line& line = lines_[i];
      for (std::uint32_t hits = line.places_of(tag); hits != 0; hits &= hits - 1) {
        const std::uint32_t number = line.numbers[std::countr_zero(hits)];
        if (is_key(number))
          return number;
      }
      if (!line.is_full())
        return kNone;
    }
  }

  // Adds a record.
  void insert(std::uint32_t tag, std::uint32_t number);

  std::uint64_t bytes() const { return std::uint64_t{count_} * sizeof(Line); }

 private:
  static constexpr std::uint32_t kPlaces = 8;
  // Filled from the front; a record that finds its line full goes to the next with room.
  struct alignas(64) Line {
    // One bit for each place with this tag.
    std::uint32_t places_of(std::uint32_t tag) const { return state::places_of(tags, tag); }
    bool is_full() const { return tags[kPlaces - 1] != 0; }

    std::uint32_t tags[kPlaces];  // 0: free
    std::uint32_t numbers[kPlaces];
  };

  struct Free {
    void operator()(Line* lines) const { std::free(lines); }
  };
  using Lines = std::unique_ptr<Line[], Free>;
  static Lines allocate(std::uint32_t count);

  // The lines are in the order of the tags, so growing is one pass from front to back.
  std::uint32_t home(std::uint32_t tag) const {
    return static_cast<std::uint32_t>((std::uint64_t{tag} * count_) >> 32);
  }
  std::uint32_t after(std::uint32_t i) const { return i + 1 == count_ ? 0 : i + 1; }
  void place(std::uint32_t tag, std::uint32_t number);
  void grow();

  Lines lines_;
  std::uint32_t count_;     // lines
  std::uint64_t size_ = 0;  // records
};

}  // namespace sage::state
