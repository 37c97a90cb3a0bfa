#pragma once
// The state of agg/reduce: for each key a fixed number of bytes, and behind them, where an
// aggregate needs it, parts that grow. The host holds it; without a key there is one cell, held
// here.

#include <sage/plugin.hpp>

#include <cstring>
#include <type_traits>
#include <vector>

namespace sage::agg {

// Cells have no C++ types: what lies in them came from the host as bytes.
template <class T>
T load(const std::uint8_t* at) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <class T>
void store(std::uint8_t* at, std::type_identity_t<T> value) {
  std::memcpy(at, &value, sizeof value);
}

// What grows: where its bytes lie in the blob of its cell. Kept in the fixed bytes.
struct Part {
  std::uint32_t offset = 0;
  std::uint32_t used = 0;
  std::uint32_t capacity = 0;
  std::uint32_t count = 0;  // values in it, where it is a list
  std::uint32_t size = 0;   // bytes of it in an output record
  std::uint32_t reserved = 0;
};

// The state of one key, during one call. Growing moves it.
struct Cell {
  std::uint8_t* fixed = nullptr;
  sage_blob* blob = nullptr;  // holds `fixed` and the parts; null where nothing grows

  const std::uint8_t* bytes_of(const Part& part) const { return blob->data + part.offset; }
};

class Cells {
 public:
  // `fixed`: a multiple of 8. State is asked for, so this belongs in open or the constructor.
  Cells(Context& ctx, std::uint32_t fixed, bool grows);
  Cells(const Cells&) = delete;
  Cells& operator=(const Cells&) = delete;

  // Finds the cells of all records of the batch; new ones are zero.
  void load(Batch batch);
  Cell operator[](std::uint32_t i);

  // Makes room for `bytes` bytes (at most 16 MiB) in a part, which keeps its own. Space that was
  // left behind is not used again: it is less than what the part has now. Returns the bytes.
  std::uint8_t* grow(Cell& cell, Part& part, std::uint32_t bytes);

  // visit(BytesView key, const Cell&) -> bool (go on?); true at the end.
  template <class Visit>
  bool scan(KeyCursor& cursor, Visit visit) {
    if (alone_) {
      visit(BytesView(), (*this)[0]);
      return true;
    }
    if (!grows_) {
      return slots_.scan(cursor, [&](BytesView key, void* slot) {
        return visit(key, Cell{static_cast<std::uint8_t*>(slot), nullptr});
      });
    }
    return blobs_.scan(cursor, [&](BytesView key, sage_blob& blob) {
      // Empty: its first call failed before it was made.
      return blob.len == 0 || visit(key, Cell{blob.data, &blob});
    });
  }

 private:
  void resize(sage_blob& blob, std::uint32_t length);

  std::uint32_t fixed_;
  bool alone_;
  bool grows_;
  KeyedBytes slots_;
  KeyedBlob blobs_;
  void* const* batch_ = nullptr;
  std::vector<std::uint64_t> own_;  // words, so that it is aligned
  sage_blob own_blob_{};
};

}  // namespace sage::agg
