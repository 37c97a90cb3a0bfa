#include "state/group_table.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace sage::state {
namespace {

constexpr std::uint32_t kInlineMax = 15;
constexpr std::uint8_t kLongKey = 0xff;  // last byte of a block; length + 1 is at most 16
constexpr std::uint32_t kFirstCells = 8;
constexpr std::uint64_t kArenaFirst = 256;  // bytes; doubled up to 64 KiB

// 16 bytes from kMask + 16 - len on: `len` bytes of ones, then zeros.
alignas(16) constexpr auto kMask = [] {
  std::array<std::uint8_t, 32> mask{};
  for (std::uint32_t i = 0; i < 16; ++i) {
    mask[i] = 0xff;
  }
  return mask;
}();

// The last byte of the block of a short key.
alignas(16) constexpr auto kLength = [] {
  std::array<std::array<std::uint8_t, 16>, 16> blocks{};
  for (std::uint32_t len = 0; len <= kInlineMax; ++len) {
    blocks[len][15] = static_cast<std::uint8_t>(len + 1);
  }
  return blocks;
}();

// What the block of a long key holds, as bytes 0..15.
struct LongBlock {
  const std::uint8_t* bytes;
  std::uint32_t len;
  std::array<std::uint8_t, 3> zero;
  std::uint8_t mark;
};
static_assert(sizeof(LongBlock) == 16);

RawMemory zeroed(std::uint64_t bytes) {
  RawMemory memory(static_cast<std::uint8_t*>(std::calloc(1, bytes)));
  if (!memory) {
    throw std::bad_alloc();  // as operator new would
  }
  return memory;
}

__m128i load(const void* p) { return _mm_loadu_si128(static_cast<const __m128i*>(p)); }

}  // namespace

Probe make_probe(const KeyRef& key) {
  Probe probe{_mm_setzero_si128(), GroupTable::tag_of(key.hash), &key};
  if (key.len <= kInlineMax) [[likely]] {
    probe.block = _mm_or_si128(_mm_and_si128(load(key.bytes), load(kMask.data() + 16 - key.len)),
                               load(kLength[key.len].data()));
  }
  return probe;
}

GroupTable::GroupTable(std::uint32_t slot_size)
    : stride_(kBlockBytes + (slot_size + 7) / 8 * 8), capacity_(kFirstCells), cells_(kFirstCells) {
  bytes_ = sizeof *this + capacity_ * sizeof(Cell);
}

bool GroupTable::same_key(const std::uint8_t* record, const Probe& probe) const {
  if (probe.key->len <= kInlineMax) [[likely]] {
    return _mm_movemask_epi8(_mm_cmpeq_epi8(load(record), probe.block)) == 0xffff;
  }
  LongBlock block{};
  std::memcpy(&block, record, sizeof block);
  return block.mark == kLongKey && block.len == probe.key->len &&
         std::memcmp(block.bytes, probe.key->bytes, block.len) == 0;
}

void* GroupTable::find(const Probe& probe) const {
  for (std::uint32_t i = home(probe.tag);;) {
    const Cell cell = cells_[i];
    if (cell.number == 0) {
      return nullptr;
    }
    if (cell.tag == probe.tag) {
      std::uint8_t* at = record(cell.number - 1);
      if (same_key(at, probe)) [[likely]] {
        return at + kBlockBytes;
      }
    }
    i = i + 1 == capacity_ ? 0 : i + 1;
  }
}

void* GroupTable::insert(const Probe& probe) {
  SAGE_ASSERT(size_ < UINT32_MAX - 32);
  if ((size_ + 1) * std::uint64_t{5} > capacity_ * std::uint64_t{4}) {
    grow_index();
  }
  if (size_ == room_) {
    add_chunk();
  }
  std::uint8_t* at = record(size_);
  if (probe.key->len <= kInlineMax) {
    std::memcpy(at, &probe.block, kBlockBytes);
  } else {
    const LongBlock block{store_long_key(*probe.key), probe.key->len, {}, kLongKey};
    std::memcpy(at, &block, sizeof block);
  }
  place({probe.tag, ++size_});
  return at + kBlockBytes;
}

std::string_view GroupTable::key_at(std::uint32_t number) const {
  const std::uint8_t* at = record(number);
  if (at[15] != kLongKey) {
    return {reinterpret_cast<const char*>(at), at[15] - std::size_t{1}};
  }
  LongBlock block{};
  std::memcpy(&block, at, sizeof block);
  return {reinterpret_cast<const char*>(block.bytes), block.len};
}

void GroupTable::place(Cell cell) {
  std::uint32_t i = home(cell.tag);
  while (cells_[i].number != 0) {
    i = i + 1 == capacity_ ? 0 : i + 1;
  }
  cells_[i] = cell;
}

void GroupTable::grow_index() {
  // Small tables double, large ones grow by a quarter: memory matters more there.
  const std::uint64_t more = capacity_ < 1024 ? capacity_ : capacity_ / 4;
  const std::uint64_t wanted = std::min<std::uint64_t>(capacity_ + more, UINT32_MAX);
  std::vector<Cell> old(wanted);
  old.swap(cells_);
  bytes_ += (wanted - old.size()) * sizeof(Cell);
  capacity_ = static_cast<std::uint32_t>(wanted);
  for (const Cell cell : old) {
    if (cell.number != 0) {
      place(cell);
    }
  }
}

void GroupTable::add_chunk() {
  const std::uint32_t chunk = chunk_of(room_);
  SAGE_ASSERT(chunk == chunks_.size());
  const std::uint32_t records = 4u << (chunk / 4);
  chunks_.push_back(zeroed(std::uint64_t{records} * stride_));
  first_.push_back(reinterpret_cast<std::uintptr_t>(chunks_.back().get()) -
                   std::uintptr_t{room_} * stride_);
  room_ += records;
  bytes_ += std::uint64_t{records} * stride_ + sizeof(std::uintptr_t) + sizeof(RawMemory);
}

std::uint8_t* GroupTable::store_long_key(const KeyRef& key) {
  if (key.len > arena_left_) {
    const std::uint64_t usual = kArenaFirst << std::min<std::size_t>(arena_.size(), 8);
    arena_left_ = std::max<std::uint64_t>(usual, key.len);
    arena_.push_back(zeroed(arena_left_));
    arena_next_ = arena_.back().get();
    bytes_ += arena_left_ + sizeof(RawMemory);
  }
  std::uint8_t* at = arena_next_;
  std::memcpy(at, key.bytes, key.len);
  arena_next_ += key.len;
  arena_left_ -= key.len;
  return at;
}

}  // namespace sage::state
