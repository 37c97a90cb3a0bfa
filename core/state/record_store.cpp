#include "state/record_store.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <cstring>

namespace sage::state {
namespace {

constexpr std::uint8_t kLongKey = 0xff;     // last byte of a block; length + 1 is at most 16
constexpr std::uint64_t kArenaFirst = 256;  // bytes; doubled up to 64 KiB

// What the block of a long key holds, as bytes 0..15.
struct LongBlock {
  const std::uint8_t* bytes;
  std::uint32_t len;
  std::array<std::uint8_t, 3> zero;
  std::uint8_t mark;
};
static_assert(sizeof(LongBlock) == 16);

}  // namespace

RecordStore::RecordStore(std::uint32_t slot_size, std::uint32_t groups)
    : stride_(kBlockBytes + (slot_size + 7) / 8 * 8), groups_(groups) {
  bytes_ = groups * sizeof(Group);
}

bool RecordStore::has_key(const std::uint8_t* record, const KeyRef& key, Block block) {
  if (key.len <= kShortKey) [[likely]]
    return has_block(record, block);
  LongBlock its{};
  std::memcpy(&its, record, sizeof its);
  return its.mark == kLongKey && its.len == key.len &&
         std::memcmp(its.bytes, key.bytes, its.len) == 0;
}

std::string_view RecordStore::key_of(const std::uint8_t* record) {
  if (record[15] != kLongKey)
    return {reinterpret_cast<const char*>(record), record[15] - std::size_t{1}};
  LongBlock block{};
  std::memcpy(&block, record, sizeof block);
  return {reinterpret_cast<const char*>(block.bytes), block.len};
}

std::uint32_t RecordStore::add(const KeyRef& key, Block block) {
  Group& group = groups_[key.hash % groups_.size()];
  if (group.used == kBlock)
    start_block(group);
  const std::uint32_t number = group.last * kBlock + group.used++;
  std::uint8_t* const at = record(number);
  if (key.len <= kShortKey) {
    std::memcpy(at, &block, sizeof block);
  } else {
    const LongBlock its{keep_long_key(key), key.len, {}, kLongKey};
    std::memcpy(at, &its, sizeof its);
  }
  std::memset(at + kBlockBytes, 0, stride_ - kBlockBytes);
  ++size_;
  return number;
}

std::uint32_t RecordStore::next(std::uint64_t& cursor) const {
  auto group = static_cast<std::uint32_t>(cursor >> 32);
  auto ahead = static_cast<std::uint32_t>(cursor);  // the next number + 1; 0: the group's first
  while (group < groups_.size() && groups_[group].first == kNoBlock)
    ++group;
  if (group >= groups_.size()) {
    cursor = std::uint64_t{group} << 32;
    return kEnd;
  }
  const Group& in = groups_[group];
  const std::uint32_t number = ahead == 0 ? in.first * kBlock : ahead - 1;
  const std::uint32_t block = number / kBlock;
  const std::uint32_t place = number % kBlock;
  if (block == in.last && place + 1 == in.used) {
    ++group;
    ahead = 0;
  } else {
    ahead = (place + 1 == kBlock ? next_block_[block] * kBlock : number + 1) + 1;
  }
  cursor = std::uint64_t{group} << 32 | ahead;
  return number;
}

void RecordStore::start_block(Group& group) {
  const auto block = static_cast<std::uint32_t>(next_block_.size());
  SAGE_ASSERT(block < UINT32_MAX / kBlock - 1);
  if (block * kBlock == room_)
    add_chunk();
  next_block_.push_back(kNoBlock);
  bytes_ += sizeof(std::uint32_t);
  if (group.first == kNoBlock)
    group.first = block;
  else
    next_block_[group.last] = block;
  group.last = block;
  group.used = 0;
}

void RecordStore::add_chunk() {
  const std::uint32_t chunk = chunk_of(room_);
  SAGE_ASSERT(chunk == chunks_.size());
  const std::uint32_t records = kBlock << (chunk >> 3);
  const std::uint64_t bytes = std::uint64_t{records} * stride_;
  chunks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(bytes));
  origin_.push_back(reinterpret_cast<std::uintptr_t>(chunks_.back().get()) -
                    std::uintptr_t{room_} * stride_);
  room_ += records;
  bytes_ += bytes + sizeof(std::uintptr_t) + sizeof(Bytes);
}

const std::uint8_t* RecordStore::keep_long_key(const KeyRef& key) {
  if (key.len > arena_left_) {
    const std::uint64_t usual = kArenaFirst << std::min<std::size_t>(arena_.size(), 8);
    arena_left_ = std::max<std::uint64_t>(usual, key.len);
    arena_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(arena_left_));
    arena_next_ = arena_.back().get();
    bytes_ += arena_left_ + sizeof(Bytes);
  }
  std::uint8_t* const at = arena_next_;
  std::memcpy(at, key.bytes, key.len);
  arena_next_ += key.len;
  arena_left_ -= key.len;
  return at;
}

}  // namespace sage::state
