#include "base/hash.hpp"
#include "state/keyed_state.hpp"
#include "tight_loop.hpp"
#include "words.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

namespace sage::bench {

namespace {

constexpr std::uint32_t kTile = 256;
constexpr std::uint32_t kShortMax = 15;

// The words of a tile, hashed and looked up together.
class Tile {
 public:
  void add(const char* word, std::uint32_t len) {
    keys_[n_] = {0, reinterpret_cast<const std::uint8_t*>(word), len};
    // The block of a short key, see schema::key_hash; 16 bytes may be read behind every word.
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    std::memcpy(&low, word, 8);
    std::memcpy(&high, word + 8, 8);
    const std::uint32_t bits = 8 * std::min(len, kShortMax);
    low &= bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    high &= bits <= 64 ? 0 : (std::uint64_t{1} << (bits - 64)) - 1;
    high |= std::uint64_t{std::min(len, kShortMax) + 1} << 56;
    std::memcpy(blocks_[n_], &low, 8);
    std::memcpy(blocks_[n_] + 8, &high, 8);
    if (++n_ == kTile)
      count();
  }

  void count() {
    hash64_blocks(blocks_, n_, hashes_.data());
    for (std::uint32_t i = 0; i < n_; ++i) {
      state::KeyRef& key = keys_[i];
      key.hash = key.len <= kShortMax ? hashes_[i]
                                      : hash64({reinterpret_cast<const char*>(key.bytes), key.len});
    }
    state_.slots({keys_.data(), n_}, slots_.data());
    for (std::uint32_t i = 0; i < n_; ++i)
      ++*static_cast<std::int64_t*>(slots_[i]);
    n_ = 0;
  }

  WordTotals totals() {
    WordTotals totals;
    std::array<std::string_view, kTile> keys;
    std::uint64_t cursor = 0;
    while (const std::uint32_t n = state_.scan(cursor, keys, slots_)) {
      for (std::uint32_t i = 0; i < n; ++i) {
        const auto times = static_cast<std::uint64_t>(*static_cast<std::int64_t*>(slots_[i]));
        totals.words += times;
        totals.checksum += word_checksum(keys[i].data(), keys[i].size(), times);
      }
      totals.distinct += n;
    }
    return totals;
  }

 private:
  state::KeyedState state_{sizeof(std::int64_t), 128};
  std::uint32_t n_ = 0;
  std::array<state::KeyRef, kTile> keys_{};
  alignas(16) std::uint8_t blocks_[kTile][16] = {};
  std::array<std::uint64_t, kTile> hashes_{};
  std::array<void*, kTile> slots_{};
};

}  // namespace

WordTotals best_wordcount(const std::string& file) {
  Tile tile;
  each_word_of_file(
      file, [&](const char* word, std::uint32_t len) { tile.add(word, len); },
      [&] { tile.count(); });
  return tile.totals();
}

}  // namespace sage::bench
