#include "state/keyed_state.hpp"

#include "base/assert.hpp"
#include "state/group_table.hpp"

#include <algorithm>
#include <bit>

namespace sage::state {
namespace {

// How far ahead of the record in hand the index cell, and then the record, are asked for.
constexpr std::size_t kCellsAhead = 16;
constexpr std::size_t kRecordsAhead = 8;
constexpr std::uint32_t kSlotMax = 4096;

}  // namespace

KeyedState::KeyedState(std::uint32_t slot_size, std::uint32_t groups)
    : slot_size_(slot_size),
      groups_(groups),
      mask_(std::has_single_bit(groups) ? groups - 1 : 0),
      tables_(groups) {
  SAGE_ASSERT(groups > 0 && slot_size > 0 && slot_size <= kSlotMax);
}

KeyedState::~KeyedState() = default;

// The group as schema::key_group counts it: hash mod groups.
GroupTable& KeyedState::table(std::uint64_t hash) {
  std::unique_ptr<GroupTable>& table = tables_[mask_ != 0 ? hash & mask_ : hash % groups_];
  if (!table) [[unlikely]] {
    table = std::make_unique<GroupTable>(slot_size_);
    bytes_ += table->bytes();
  }
  return *table;
}

void KeyedState::slots(std::span<const KeyRef> keys, void** out) {
  const std::size_t n = keys.size();
  for (std::size_t i = 0; i < std::min(n, kCellsAhead); ++i) {
    table(keys[i].hash).prefetch_cell(keys[i].hash);
  }
  for (std::size_t i = 0; i < n; ++i) {
    if (i + kCellsAhead < n) {
      const std::uint64_t hash = keys[i + kCellsAhead].hash;
      table(hash).prefetch_cell(hash);
    }
    if (i + kRecordsAhead < n) {
      const std::uint64_t hash = keys[i + kRecordsAhead].hash;
      table(hash).prefetch_record(hash);
    }
    GroupTable& group = table(keys[i].hash);
    const Probe probe = make_probe(keys[i]);
    out[i] = group.find(probe);
    if (out[i] == nullptr) [[unlikely]] {
      const std::uint64_t before = group.bytes();
      out[i] = group.insert(probe);
      bytes_ += group.bytes() - before;
      ++size_;
    }
  }
}

std::uint32_t KeyedState::scan(std::uint64_t& cursor, std::span<std::string_view> keys,
                               std::span<void*> slots) {
  const std::size_t room = std::min(keys.size(), slots.size());
  auto group = static_cast<std::uint32_t>(cursor >> 32);
  auto number = static_cast<std::uint32_t>(cursor);
  std::uint32_t given = 0;
  while (given < room && group < groups_) {
    const GroupTable* table = tables_[group].get();
    if (table == nullptr || number >= table->size()) {
      ++group;
      number = 0;
      continue;
    }
    keys[given] = table->key_at(number);
    slots[given] = table->slot_at(number);
    ++number;
    ++given;
  }
  cursor = std::uint64_t{group} << 32 | number;
  return given;
}

}  // namespace sage::state
