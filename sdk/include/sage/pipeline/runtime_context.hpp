// What a function of a pipeline may ask of the engine, in `open` and later. One per instance.
#pragma once

#include "../state.hpp"
#include "codec.hpp"

#include <map>
#include <memory>
#include <new>

namespace sage {

namespace detail {

// A value that a call has got and that is saved when the call has succeeded: all cells are made
// ready first, and where one cannot be, none is saved.
class StateCell {
 public:
  virtual ~StateCell() = default;
  virtual void make_ready() {}
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
    value_ = T{};  // what SAGE_RECORD does not name is not kept, and not another key's
    if (blob.len != 0) {
      decode(KeyedBlob::bytes(blob), value_);
    }
    return value_;
  }
  void make_ready() override {
    if (blob_ != nullptr) {
      encode(value_, writer_);
    }
  }
  void save() override {
    if (sage_blob* const blob = std::exchange(blob_, nullptr)) {
      blobs_.assign(*blob, writer_.bytes());
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

// Memory of zeroes is what T{} is, too.
template <class T>
bool starts_as_zero() {
  alignas(T) std::array<std::byte, sizeof(T)> made{};
  new (made.data()) T{};
  return made == std::array<std::byte, sizeof(T)>{};
}

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
  T& get() const {
    if (cell_ == nullptr) {
      throw Failure(SAGE_E_STATE, "keyed state is asked for in open(), by keyed_state()");
    }
    return cell_->get();
  }

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
  // anything trivially copyable of at most 4096 bytes that starts as zeroes and points to nothing.
  // Equal names are the same state.
  template <class T>
  KeyedState<T> keyed_state(const char* name) {
    static_assert(!std::is_pointer_v<T> && !std::is_same_v<T, std::string_view>,
                  "sage: keyed_state<T>: T is kept from call to call, and must own what it says");
    if constexpr (detail::kInPlace<T>) {
      if (!detail::starts_as_zero<T>()) {
        throw Failure(SAGE_E_CONFIG, "the values of state `" + std::string(name) +
                                         "` start as zeroes, but their type starts otherwise");
      }
      return KeyedState<T>(context_, name, cell<detail::SlotCell<T>>(name));
    } else if constexpr (!Streamable<T>) {
      return KeyedState<T>(context_, name);  // says what it takes
    } else {
      return KeyedState<T>(cell<detail::RecordCell<T>>(name, context_, name));
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
    for (const auto& [name, cell] : cells_) {
      cell->make_ready();
    }
    for (const auto& [name, cell] : cells_) {
      cell->save();
    }
  }
  void forget_state() {
    for (const auto& [name, cell] : cells_) {
      cell->forget();
    }
  }

 private:
  // The one of this name, made where there is none yet.
  template <class Cell, class... Arguments>
  Cell* cell(const std::string& name, Arguments&... arguments) {
    std::unique_ptr<detail::StateCell>& place = cells_[name];
    if (place == nullptr) {
      place = std::make_unique<Cell>(arguments...);
    }
    auto* const found = dynamic_cast<Cell*>(place.get());
    if (found == nullptr) {
      throw Failure(SAGE_E_STATE, "state `" + name + "` has another type already");
    }
    return found;
  }

  Context& context_;
  std::map<std::string, std::unique_ptr<detail::StateCell>> cells_;
};

}  // namespace sage
