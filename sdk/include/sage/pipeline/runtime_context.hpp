// What a function of a pipeline may ask of the engine, in `open` and later. One per instance.
#pragma once

#include "../state.hpp"
#include "codec.hpp"

#include <memory>

namespace sage {

namespace detail {

// A value that a call has got and that is saved when the call has succeeded.
class StateCell {
 public:
  virtual ~StateCell() = default;
  virtual void save() = 0;
  virtual void forget() = 0;
};

template <Streamable T>
class RecordCell final : public StateCell {
 public:
  RecordCell(Context& ctx, const char* name) : blobs_(ctx, name) {}
  T& get() {
    sage_blob& blob = blobs_.get();
    if (blob_ == &blob) {
      return value_;
    }
    blob_ = &blob;
    if (blob.len == 0) {
      value_ = T{};
    } else {
      decode(KeyedBlob::bytes(blob), value_);
    }
    return value_;
  }
  void save() override {
    if (sage_blob* const blob = std::exchange(blob_, nullptr)) {
      blobs_.assign(*blob, encode(value_, writer_));
    }
  }
  void forget() override { blob_ = nullptr; }

 private:
  KeyedBlob blobs_;
  BodyWriter writer_;
  T value_{};
  sage_blob* blob_ = nullptr;  // of the key whose value is held
};

// A value that lies in the engine's memory, as it was before the call.
template <class T>
class SlotCell final : public StateCell, public StateWatch {
 public:
  void handed_out(void* slot) override {
    if (slot_ == nullptr) {
      slot_ = slot;
      std::memcpy(before_.data(), slot, sizeof(T));
    }
  }
  void save() override { slot_ = nullptr; }
  void forget() override {
    if (void* const slot = std::exchange(slot_, nullptr)) {
      std::memcpy(slot, before_.data(), sizeof(T));
    }
  }

 private:
  std::array<std::byte, sizeof(T)> before_{};
  void* slot_ = nullptr;
};

template <class T>
inline constexpr bool kInPlace = std::is_trivially_copyable_v<T> && sizeof(T) <= 4096;

}  // namespace detail

// The value of a key where it cannot lie in the engine's memory as it is. get(): that of the
// current record's key, T{} where the key is new; valid during the call, saved when the call
// returns, and as it was before where the call throws. (What is trivially copyable lies there, see
// state.hpp, and is all zero at first; the rest holds of it, too.)
template <Streamable T>
  requires(!detail::kInPlace<T>)
class KeyedState<T> {
 public:
  KeyedState() = default;
  explicit KeyedState(detail::RecordCell<T>* cell) : cell_(cell) {}
  T& get() const { return cell_->get(); }

 private:
  detail::RecordCell<T>* cell_ = nullptr;
};

class RuntimeContext {
 public:
  explicit RuntimeContext(Context& context) : context_(context) {}
  RuntimeContext(const RuntimeContext&) = delete;
  RuntimeContext& operator=(const RuntimeContext&) = delete;

  // Handles are faster than get_metrics().record(name, value), which is a histogram by its name.
  Metrics& metrics() { return context_.metrics(); }
  Metrics& get_metrics() { return context_.metrics(); }

  // In `open`, and only in a stage behind key_by. T: a struct with SAGE_RECORD, a bare value, or
  // anything trivially copyable of at most 4096 bytes. Equal names are the same state.
  template <class T>
  KeyedState<T> keyed_state(const char* name) {
    if constexpr (detail::kInPlace<T>) {
      auto cell = std::make_unique<detail::SlotCell<T>>();
      detail::SlotCell<T>* const watch = cell.get();
      cells_.push_back(std::move(cell));
      return KeyedState<T>(context_, name, watch);
    } else if constexpr (!Streamable<T>) {
      return KeyedState<T>(context_, name);  // says what it takes
    } else {
      auto cell = std::make_unique<detail::RecordCell<T>>(context_, name);
      detail::RecordCell<T>* const borrowed = cell.get();
      cells_.push_back(std::move(cell));
      return KeyedState<T>(borrowed);
    }
  }

  std::uint32_t subtask() const { return context_.subtask(); }  // 0 .. parallelism()-1
  std::uint32_t parallelism() const { return context_.parallelism(); }
  std::string_view stage() const { return context_.stage(); }
  bool cancelled() const { return context_.cancelled(); }  // long calls should return soon
  template <class... Parts>
  void info(const Parts&... parts) {
    context_.info(parts...);
  }
  template <class... Parts>
  void warning(const Parts&... parts) {
    context_.warning(parts...);
  }

  // ---- For the engine's side of the functions (typed_operators.hpp) ----

  void save_state() {
    for (const auto& cell : cells_) {
      cell->save();
    }
  }
  void forget_state() {
    for (const auto& cell : cells_) {
      cell->forget();
    }
  }

 private:
  Context& context_;
  std::vector<std::unique_ptr<detail::StateCell>> cells_;
};

}  // namespace sage
