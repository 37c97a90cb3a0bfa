#pragma once
// The records of a keyed state: {16-byte key block, slot}, dense, in chunks that never move, each
// key group's in blocks of sixteen in order of insertion. The key block is what the hash is
// computed on: up to 15 key bytes, zeros, length + 1; a longer key lies in an arena and its block
// says where. Used by KeyedState alone, on its thread.

#include "state/block.hpp"
#include "state/keyed_state.hpp"

#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace sage::state {

inline constexpr std::uint32_t kShortKey = 15;  // bytes at most

// 16 bytes from kKeyMask + 16 - len on: `len` bytes of ones, then zeros.
alignas(16) inline constexpr auto kKeyMask = [] {
  std::array<std::uint8_t, 32> mask{};
  for (std::uint32_t i = 0; i < 16; ++i)
    mask[i] = 0xff;
  return mask;
}();

// The last byte of the block of a short key.
alignas(16) inline constexpr auto kKeyLength = [] {
  std::array<std::array<std::uint8_t, 16>, 16> blocks{};
  for (std::uint32_t len = 0; len <= kShortKey; ++len)
    blocks[len][15] = static_cast<std::uint8_t>(len + 1);
  return blocks;
}();

// The block of a short key; zero for a long one, which equals no record's.
inline Block key_block(const KeyRef& key) {
  if (key.len > kShortKey) [[unlikely]]
    return zero_block();
  return either(both(load_block(key.bytes), load_block(kKeyMask.data() + 16 - key.len)),
                load_block(kKeyLength[key.len].data()));
}

class RecordStore {
 public:
  // slot_size in bytes; groups: of keys.
  RecordStore(std::uint32_t slot_size, std::uint32_t groups);

  std::uint8_t* record(std::uint32_t number) const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<std::uint8_t*>(origin_[chunk_of(number)] +
                                           std::uintptr_t{number} * stride_);
  }
  static void* slot(std::uint8_t* record) { return record + kBlockBytes; }
  static void prefetch(const std::uint8_t* record) {
    __builtin_prefetch(record);
    __builtin_prefetch(record + kBlockBytes);  // the slot may begin another line
  }
  static bool has_block(const std::uint8_t* record, Block block) {
    return equal(load_block(record), block);
  }
  // Whether a record is that of a key, of any length; `block` is the key's.
  static bool has_key(const std::uint8_t* record, const KeyRef& key, Block block);
  static std::string_view key_of(const std::uint8_t* record);

  // Adds a record with a zeroed slot and gives its number.
  std::uint32_t add(const KeyRef& key, Block block);

  // Walks the records in group order, then in order of insertion: gives the number of the next one
  // and moves `cursor`, which begins at 0. kEnd: there is none.
  static constexpr std::uint32_t kEnd = UINT32_MAX;
  std::uint32_t next(std::uint64_t& cursor) const;

  std::uint64_t size() const { return size_; }
  std::uint64_t bytes() const { return bytes_; }

 private:
  using Bytes = std::unique_ptr<std::uint8_t[]>;
  static constexpr std::uint32_t kBlockBytes = 16;  // of a key
  static constexpr std::uint32_t kBlock = 16;       // records of one group, side by side
  static constexpr std::uint32_t kNoBlock = UINT32_MAX;
  struct Group {
    std::uint32_t first = kNoBlock;
    std::uint32_t last = kNoBlock;
    std::uint32_t used = kBlock;  // records in the last block
  };

  // Chunks hold 16 records eight times, then 32 eight times, and so on: at most a ninth is unused.
  static std::uint32_t chunk_of(std::uint32_t number) {
    const std::uint64_t m = number + std::uint64_t{8} * kBlock;
    const auto e = static_cast<std::uint32_t>(std::bit_width(m)) - 1;
    return ((e - 7) << 3) | (static_cast<std::uint32_t>(m >> (e - 3)) & 7u);
  }
  void start_block(Group& group);
  void add_chunk();
  const std::uint8_t* keep_long_key(const KeyRef& key);

  std::uint32_t stride_;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;              // records that the chunks hold
  std::vector<std::uintptr_t> origin_;  // where record 0 would lie if the chunk reached down to it
  std::vector<Bytes> chunks_;
  std::vector<std::uint32_t> next_block_;  // of the same group, one entry per block
  std::vector<Group> groups_;
  std::vector<Bytes> arena_;  // bytes of long keys
  std::uint8_t* arena_next_ = nullptr;
  std::uint64_t arena_left_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace sage::state
