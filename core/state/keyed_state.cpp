#include "state/keyed_state.hpp"

#include "base/assert.hpp"
#include "state/key_index.hpp"
#include "state/record_store.hpp"

#include <algorithm>
#include <array>

namespace sage::state {
namespace {

// Keys are looked up in tiles: while one is worked on, the lines of the next are on their way.
constexpr std::size_t kTile = 128;
constexpr std::uint32_t kSlotMax = 4096;

}  // namespace

struct KeyedState::Tables {
  KeyIndex index;
  RecordStore records;
};

KeyedState::KeyedState(std::uint32_t slot_size, std::uint32_t groups) {
  SAGE_ASSERT(groups > 0 && slot_size > 0 && slot_size <= kSlotMax);
  tables_ = std::make_unique<Tables>(Tables{{}, {slot_size, groups}});
}

KeyedState::~KeyedState() = default;

std::uint64_t KeyedState::size() const { return tables_->records.size(); }

std::uint64_t KeyedState::bytes() const {
  return sizeof(Tables) + tables_->index.bytes() + tables_->records.bytes();
}

void KeyedState::slots(std::span<const KeyRef> keys, void** out) {
  const auto tile_from = [&](std::size_t from) {
    return keys.subspan(from, std::min(kTile, keys.size() - from));
  };
  prefetch_lines(tile_from(0));
  for (std::size_t from = 0; from < keys.size(); from += kTile) {
    const std::span<const KeyRef> tile = tile_from(from);
    std::array<std::uint8_t*, kTile> guesses;  // NOLINT(*-init-variables): written before read
    guess_records(tile, guesses.data());
    prefetch_lines(tile_from(from + tile.size()));
    for (std::size_t i = 0; i < tile.size(); ++i) {
      std::uint8_t* record = guesses[i];
      if (record == nullptr || !RecordStore::has_block(record, key_block(tile[i]))) [[unlikely]]
        record = find_or_add(tile[i]);
      out[from + i] = RecordStore::slot(record);
    }
  }
}

void KeyedState::prefetch_lines(std::span<const KeyRef> keys) const {
  for (const KeyRef& key : keys)
    tables_->index.prefetch(KeyIndex::tag_of(key.hash));
}

// The record that each key most likely has, nullptr for none, on its way into the cache.
void KeyedState::guess_records(std::span<const KeyRef> keys, std::uint8_t** guesses) const {
  for (const KeyRef& key : keys) {
    const std::uint32_t number = tables_->index.guess(KeyIndex::tag_of(key.hash));
    std::uint8_t* const record =
        number == KeyIndex::kNone ? nullptr : tables_->records.record(number);
    RecordStore::prefetch(record);  // which does no harm to nullptr
    *guesses++ = record;
  }
}

std::uint8_t* KeyedState::find_or_add(const KeyRef& key) {
  RecordStore& records = tables_->records;
  const std::uint32_t tag = KeyIndex::tag_of(key.hash);
  const Block block = key_block(key);
  std::uint32_t number = tables_->index.find(tag, [&](std::uint32_t candidate) {
    return RecordStore::has_key(records.record(candidate), key, block);
  });
  if (number == KeyIndex::kNone) {
    number = records.add(key, block);
    tables_->index.insert(tag, number);
  }
  return records.record(number);
}

std::uint32_t KeyedState::scan(std::uint64_t& cursor, std::span<std::string_view> keys,
                               std::span<void*> slots) {
  const RecordStore& records = tables_->records;
  const std::size_t room = std::min(keys.size(), slots.size());
  std::uint32_t given = 0;
  while (given < room) {
    const std::uint32_t number = records.next(cursor);
    if (number == RecordStore::kEnd)
      break;
    std::uint8_t* const record = records.record(number);
    keys[given] = RecordStore::key_of(record);
    slots[given] = RecordStore::slot(record);
    ++given;
  }
  return given;
}

}  // namespace sage::state
