// Keyed state for tests: a map from the exact key bytes. Slots are filled with zero and freed with
// the harness; batches come from Harness, so every key lies in the batch's key buffer.
#pragma once

#include "../state.hpp"

#include <deque>
#include <iterator>
#include <map>
#include <memory>
#include <string>

namespace sage::testkit {

class KeyedStates {
 public:
  static const sage_state_api* api() {
    static constexpr sage_state_api kApi = {
        sizeof(sage_state_api), 0, open, slots, slot, resize, scan, size};
    return &kApi;
  }
  // Given to `open` by the context; see host.hpp.
  sage_status open_state(const sage_state_desc& desc, sage_state** result) {
    const bool blob = desc.kind == SAGE_STATE_BLOB;
    if (!blob && (desc.slot_size == 0 || desc.slot_size > 4096 || desc.slot_size % 8 != 0)) {
      return SAGE_E_ARG;
    }
    for (State& state : states_) {
      if (state.name == desc.name) {
        *result = reinterpret_cast<sage_state*>(&state);
        return state.slot_size == desc.slot_size ? SAGE_OK : SAGE_E_ARG;
      }
    }
    states_.push_back({desc.name, desc.slot_size, {}, 0, {}});
    *result = reinterpret_cast<sage_state*>(&states_.back());
    return SAGE_OK;
  }

 private:
  struct Slot {
    std::unique_ptr<std::uint64_t[]> words;
    std::vector<std::uint8_t> blob;
  };
  using Slots = std::map<std::string, Slot, std::less<>>;
  struct State {
    std::string name;
    std::uint32_t slot_size;
    Slots slots;
    std::uint64_t scanned = 0;  // keys that the last scan has behind it
    Slots::iterator next;       // the one that follows; set by scan
  };
  static State& of(sage_state* state) { return *reinterpret_cast<State*>(state); }

  static sage_status open(sage_ctx* ctx, const sage_state_desc* desc, sage_state** result);

  static sage_status slot(sage_state* handle, const sage_batch* batch, std::uint32_t i,
                          void** result) {
    if (batch->keys == nullptr || i >= batch->count) {
      return SAGE_E_STATE;
    }
    State& state = of(handle);
    Slot& slot = state.slots[std::string(as_text(Batch(batch).key(i)))];
    if (!slot.words) {
      slot.words = std::make_unique<std::uint64_t[]>(state.slot_size / 8);
    }
    *result = slot.words.get();
    return SAGE_OK;
  }
  static sage_status slots(sage_state* handle, const sage_batch* batch, void** result) {
    for (std::uint32_t i = 0; i < batch->count; ++i) {
      if (const sage_status s = slot(handle, batch, i, &result[i]); s < 0) {
        return s;
      }
    }
    return SAGE_OK;
  }
  static sage_status resize(sage_state* handle, sage_blob* blob, std::uint32_t length) {
    for (auto& [key, slot] : of(handle).slots) {
      if (static_cast<void*>(slot.words.get()) == blob) {
        std::vector<std::uint8_t> bytes(blob->data, blob->data + blob->len);
        bytes.resize(length);
        slot.blob.swap(bytes);  // always moves, as a host may
        *blob = {slot.blob.data(), length, length};
        return SAGE_OK;
      }
    }
    return SAGE_E_ARG;
  }
  static std::uint32_t scan(sage_state* handle, std::uint64_t* cursor, std::uint32_t n,
                            sage_bytes* key, void** slot) {
    State& state = of(handle);
    if (*cursor != state.scanned) {  // a walk of its own, or from the start
      state.scanned = *cursor;
      state.next = std::next(state.slots.begin(), static_cast<std::ptrdiff_t>(*cursor));
    } else if (*cursor == 0) {
      state.next = state.slots.begin();
    }
    std::uint32_t given = 0;
    for (; given < n && state.next != state.slots.end(); ++given, ++state.next) {
      key[given] = {as_bytes(state.next->first).data(), state.next->first.size()};
      slot[given] = state.next->second.words.get();
    }
    *cursor = state.scanned += given;
    return given;
  }
  static std::uint64_t size(sage_state* handle) { return of(handle).slots.size(); }

  std::deque<State> states_;
};

}  // namespace sage::testkit
