#pragma once
// The state of one key group: an index of 8-byte cells with linear probing that leads to dense
// records {16-byte key block, slot}, kept in order of insertion in chunks that never move. The key
// block is what the hash is computed on: up to 15 key bytes, zeros, length + 1; a longer key lies
// in an arena and its block says where. Used by KeyedState alone, on its thread.

#include "state/keyed_state.hpp"

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include <emmintrin.h>

namespace sage::state {

struct FreeDeleter {
  void operator()(void* p) const { std::free(p); }
};
using RawMemory = std::unique_ptr<std::uint8_t, FreeDeleter>;

// A key as it is compared: `block` in a register, long keys by their bytes as well.
struct Probe {
  __m128i block;
  std::uint32_t tag;
  const KeyRef* key;
};
Probe make_probe(const KeyRef& key);

class GroupTable {
 public:
  explicit GroupTable(std::uint32_t slot_size);

  // The slot of the key, nullptr if it is not there.
  void* find(const Probe& probe) const;
  // The same; the key is known not to be there.
  void* insert(const Probe& probe);

  // Bring the lines nearer that find() will touch: first the cell, later the record it leads to.
  void prefetch_cell(std::uint64_t hash) const { __builtin_prefetch(&cells_[home(tag_of(hash))]); }
  void prefetch_record(std::uint64_t hash) const {
    const Cell cell = cells_[home(tag_of(hash))];
    if (cell.number != 0) {
      __builtin_prefetch(record(cell.number - 1));
    }
  }

  std::uint32_t size() const { return size_; }
  std::uint64_t bytes() const { return bytes_; }
  std::string_view key_at(std::uint32_t number) const;
  void* slot_at(std::uint32_t number) const { return record(number) + kBlockBytes; }

  // The hash's high half: its low bits are the same all over a key group.
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

 private:
  struct Cell {
    std::uint32_t tag;
    std::uint32_t number;  // of the record, from 1 on; 0: free
  };
  static constexpr std::uint32_t kBlockBytes = 16;

  // Cells stand in order of their tags: growing is one pass from front to back.
  std::uint32_t home(std::uint32_t tag) const {
    return static_cast<std::uint32_t>((std::uint64_t{tag} * capacity_) >> 32);
  }
  // Chunks hold 4, 4, 4, 4, 8, 8, 8, 8, 16 ... records: at most a fifth is unused.
  static std::uint32_t chunk_of(std::uint32_t number) {
    const std::uint64_t m = std::uint64_t{number} + 16;
    const auto e = static_cast<std::uint32_t>(std::bit_width(m)) - 1;
    return ((e - 4) << 2) | (static_cast<std::uint32_t>(m >> (e - 2)) & 3u);
  }
  // first_[c] is where record 0 would lie if chunk c reached down to it.
  std::uint8_t* record(std::uint32_t number) const {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    return reinterpret_cast<std::uint8_t*>(first_[chunk_of(number)] +
                                           std::uintptr_t{number} * stride_);
  }
  bool same_key(const std::uint8_t* record, const Probe& probe) const;
  void place(Cell cell);
  void grow_index();
  void add_chunk();
  std::uint8_t* store_long_key(const KeyRef& key);

  std::uint32_t stride_;
  std::uint32_t capacity_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t room_ = 0;  // records that the chunks hold
  std::vector<Cell> cells_;
  std::vector<std::uintptr_t> first_;
  std::vector<RawMemory> chunks_;
  std::vector<RawMemory> arena_;  // bytes of long keys
  std::uint64_t arena_left_ = 0;
  std::uint8_t* arena_next_ = nullptr;
  std::uint64_t bytes_ = 0;
};

}  // namespace sage::state
