#pragma once
// Keyed state of one operator instance: key bytes -> a slot of fixed size, in place, one open
// addressing table per key group, made when its first key arrives. A slot never moves. Used by the
// task thread that runs the instance; owns every byte. Does no I/O.

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace sage::state {

class GroupTable;

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

  std::uint64_t size() const { return size_; }
  // Bytes held, for reports.
  std::uint64_t bytes() const { return bytes_; }

 private:
  GroupTable& table(std::uint64_t hash);

  std::uint32_t slot_size_;
  std::uint32_t groups_;
  std::uint64_t mask_;  // groups_ - 1 where that is a mask, else 0
  std::uint64_t size_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<std::unique_ptr<GroupTable>> tables_;
};

}  // namespace sage::state
