// Keyed state: one value per key, held by the host. Values are zero when a key is new, are written
// in place, and may be touched only during the call that got them.
//
//   count_ = ctx.keyed_state<std::int64_t>("n");        // in the constructor or in open
//   ++count_.get();                                     // in a per-record method
//   auto n = count_.slots(batch); ... ++n[i];           // in a batch-level method: faster
#pragma once

#include "context.hpp"
#include "ext/state.h"

namespace sage {

// Where a walk over all keys stands. It may be continued in a later call as long as the state is
// not changed in between.
struct KeyCursor {
  std::uint64_t chunk = 0;  // of the host
  std::uint32_t done = 0;   // keys of this chunk that were given
};

class KeyedStateBase {
 public:
  std::uint64_t size() const { return api_->size(state_); }

 protected:
  KeyedStateBase() = default;
  KeyedStateBase(Context& ctx, std::uint32_t kind, const char* name, std::uint32_t slot_size)
      : current_(&ctx.current()) {
    sage_ctx* const c = ctx.get();
    api_ = static_cast<const sage_state_api*>(c->get_interface(c, SAGE_HOST_STATE));
    if (api_ == nullptr) {
      throw Failure(SAGE_E_CONFIG, "keyed state needs a stage with key_by");
    }
    const sage_state_desc desc = {sizeof desc, kind, name, slot_size, 0};
    check(api_->open(c, &desc, &state_));
  }
  static void check(sage_status status) {
    if (status < 0) {
      throw Failure(status, "the host refused keyed state");
    }
  }
  void* slot(const sage_batch* batch, std::uint32_t i) const {
    void* result = nullptr;
    check(api_->slot(state_, batch, i, &result));
    return result;
  }
  void* current_slot() const {
    if (current_ == nullptr || current_->batch == nullptr) {
      throw Failure(SAGE_E_STATE, "keyed state has a value only while a record is at hand");
    }
    return slot(current_->batch, current_->index);
  }
  // Of all records of the batch; valid until the next call of it.
  void* const* load_slots(Batch batch) {
    slots_.resize(batch.size());
    check(api_->slots(state_, batch.get(), slots_.data()));
    return slots_.data();
  }

  // Calls visit(key, slot) for the keys from the cursor on until it returns false (that key counts
  // as given). True at the end of the keys.
  template <class Visit>
  bool scan_slots(KeyCursor& cursor, Visit visit) const {
    constexpr std::uint32_t kChunk = 64;
    sage_bytes keys[kChunk];
    void* slots[kChunk];
    for (;;) {
      std::uint64_t next = cursor.chunk;
      const std::uint32_t n = api_->scan(state_, &next, kChunk, keys, slots);
      if (n == 0) {
        return true;
      }
      while (cursor.done < n) {
        const std::uint32_t i = cursor.done++;
        if (!visit(BytesView(keys[i].ptr, keys[i].len), slots[i])) {
          return false;
        }
      }
      cursor = {next, 0};
    }
  }

  const sage_state_api* api_ = nullptr;
  sage_state* state_ = nullptr;
  const CurrentRecord* current_ = nullptr;
  std::vector<void*> slots_;
};

template <class T>
class KeyedState : public KeyedStateBase {
 public:
  KeyedState() = default;
  // `watch`: told by the get() of the current record; may be null.
  KeyedState(Context& ctx, const char* name, StateWatch* watch = nullptr)
      : KeyedStateBase(ctx, SAGE_STATE_SLOT, name, (sizeof(T) + 7) / 8 * 8), watch_(watch) {
    static_assert(std::is_trivially_copyable_v<T> && sizeof(T) <= 4096 && alignof(T) <= 8,
                  "sage: KeyedState<T>: T is trivially copyable and of at most 4096 bytes (in a "
                  "pipeline it may also be a struct with SAGE_RECORD; see KeyedBlob, too)");
  }

  class Slots {
   public:
    explicit Slots(void* const* slots) : slots_(slots) {}
    T& operator[](std::size_t i) const { return *static_cast<T*>(slots_[i]); }
    void* const* raw() const { return slots_; }

   private:
    void* const* slots_;
  };

  // The value of the key of the current record; per-record methods only.
  T& get() const {
    void* const slot = current_slot();
    if (watch_ != nullptr) {
      watch_->handed_out(slot);
    }
    return *static_cast<T*>(slot);
  }
  T& get(Batch batch, std::uint32_t i) const { return *static_cast<T*>(slot(batch.get(), i)); }
  // The values for all records of the batch, until the next call of `slots`.
  Slots slots(Batch batch) { return Slots(load_slots(batch)); }
  // visit(BytesView key, T&) -> bool (go on?); true at the end.
  template <class Visit>
  bool scan(KeyCursor& cursor, Visit visit) const {
    return scan_slots(
        cursor, [&](BytesView key, void* slot) { return visit(key, *static_cast<T*>(slot)); });
  }

 private:
  StateWatch* watch_ = nullptr;
};

// Slots of a size that is known at run time only: 1 to 4096 bytes, rounded up to words, 8-aligned.
class KeyedBytes : public KeyedStateBase {
 public:
  KeyedBytes() = default;
  KeyedBytes(Context& ctx, const char* name, std::uint32_t bytes)
      : KeyedStateBase(ctx, SAGE_STATE_SLOT, name, (bytes + 7) / 8 * 8) {}

  // slots(batch)[i]: the bytes of record i's key, until the next call of `slots`.
  void* const* slots(Batch batch) { return load_slots(batch); }
  // visit(BytesView key, void* slot) -> bool (go on?); true at the end.
  template <class Visit>
  bool scan(KeyCursor& cursor, Visit visit) const {
    return scan_slots(cursor, visit);
  }
};

// Bytes of any length per key.
class KeyedBlob : public KeyedStateBase {
 public:
  KeyedBlob() = default;
  KeyedBlob(Context& ctx, const char* name)
      : KeyedStateBase(ctx, SAGE_STATE_BLOB, name, sizeof(sage_blob)) {}

  // slots(batch)[i]: the sage_blob of record i's key, until the next call of `slots`.
  void* const* slots(Batch batch) { return load_slots(batch); }

  sage_blob& get() const { return *static_cast<sage_blob*>(current_slot()); }
  sage_blob& get(Batch batch, std::uint32_t i) const {
    return *static_cast<sage_blob*>(slot(batch.get(), i));
  }
  static std::span<std::uint8_t> bytes(sage_blob& blob) { return {blob.data, blob.len}; }
  // New bytes are zero; the data may move.
  void resize(sage_blob& blob, std::uint32_t length) const {
    check(api_->resize(state_, &blob, length));
  }
  void assign(sage_blob& blob, BytesView value) const {
    resize(blob, static_cast<std::uint32_t>(value.size()));
    if (!value.empty()) {
      std::memcpy(blob.data, value.data(), value.size());
    }
  }
  void append(sage_blob& blob, BytesView value) const {
    const std::uint32_t before = blob.len;
    resize(blob, before + static_cast<std::uint32_t>(value.size()));
    if (!value.empty()) {
      std::memcpy(blob.data + before, value.data(), value.size());
    }
  }
  template <class Visit>
  bool scan(KeyCursor& cursor, Visit visit) const {
    return scan_slots(cursor, [&](BytesView key, void* slot) {
      return visit(key, *static_cast<sage_blob*>(slot));
    });
  }
};

template <class T>
KeyedState<T> Context::keyed_state(const char* name) {
  return KeyedState<T>(*this, name);
}
inline KeyedBytes Context::keyed_bytes(const char* name, std::uint32_t bytes) {
  return KeyedBytes(*this, name, bytes);
}
inline KeyedBlob Context::keyed_blob(const char* name) { return KeyedBlob(*this, name); }

}  // namespace sage
