#pragma once
// Keyed state of one operator instance: key bytes -> a slot of fixed size, in place. The records
// of a key group lie together, one index leads to all of them. A slot never moves. Used by the task
// thread that runs the instance; owns every byte. Does no I/O.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

namespace sage::state {

// A key as the exchange hands it over: its hash and exact bytes (readable 16 bytes from `bytes`
// on even where `len` is less: buffers have slack).
struct KeyRef {
  std::uint64_t hash;
  const std::uint8_t* bytes;
  std::uint32_t len;
};

class KeyedState {
 public:
  // slot_size: 1..4096 bytes; groups: max_parallelism.
  KeyedState(std::uint32_t slot_size, std::uint32_t groups);
  ~KeyedState();
  KeyedState(const KeyedState&) = delete;
  KeyedState& operator=(const KeyedState&) = delete;

  // out[i] = slot of keys[i]; zeroed when the key is new. Equal keys give equal pointers, now and
  // later; slots are 8-aligned.
  void slots(std::span<const KeyRef> keys, void** out);

  // Up to keys.size() entries from `cursor` on (0 = begin, advanced); 0 = the end. In key group
  // order, then in order of insertion.
  std::uint32_t scan(std::uint64_t& cursor, std::span<std::string_view> keys,
                     std::span<void*> slots);

  std::uint64_t size() const;
  // Bytes held, for reports.
  std::uint64_t bytes() const;

 private:
  struct Tables;
  void prefetch_lines(std::span<const KeyRef> keys) const;
  void guess_records(std::span<const KeyRef> keys, std::uint8_t** guesses) const;
  std::uint8_t* find_or_add(const KeyRef& key);

  std::unique_ptr<Tables> tables_;
};

}  // namespace sage::state
