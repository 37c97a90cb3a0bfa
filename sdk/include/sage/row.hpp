// Writing records: Row puts rows straight into the host's slab of one output port.
//
//   row.begin(record);                  // event time of the input record
//   row.set(word_, text);               // fields not set stay zero or empty
//   row.end();
//
// A row that does not fit moves, as far as it is written, into a bigger slab. Rows of a record that
// is being processed are not committed before it is finished, so a rejected record leaves none.
#pragma once

#include "record.hpp"

#include <algorithm>
#include <ranges>

namespace sage {

class CopyPlan;  // copy.hpp
class Out;
class TextRows;  // text_rows.hpp

// Past this, envelopes included, a call answers SAGE_MORE between two records, and one record may
// emit the rest.
inline constexpr std::uint64_t kCallSoftLimit = 1u << 20;
inline constexpr std::uint64_t kRecordOutputMax = SAGE_MAX_CALL - kCallSoftLimit;

class Row {
 public:
  // Starts a row; one that was begun and not ended is forgotten.
  void begin(std::int64_t ts = SAGE_NO_TS) {
    ts_ = ts;
    body_ = start_;
    if (next_ >= sure_end_) {
      make_room();
    }
    clear_body();
    end_ = body_ + body_bytes_;
  }
  void begin(Record like) { begin(like.ts()); }
  void set_ts(std::int64_t ts) { ts_ = ts; }

  void set(Field<bool> field, bool value) {
    std::uint8_t& byte = body_[field.byte];
    byte = static_cast<std::uint8_t>(value ? byte | field.mask : byte & ~field.mask);
  }
  void set(Field<std::int64_t> field, std::int64_t value) { put(field.byte, value); }
  void set(Field<double> field, double value) { put(field.byte, value); }
  void set(Field<Timestamp> field, Timestamp value) { put(field.byte, value.ns); }
  void set(Field<std::string_view> field, std::string_view value) { put_text(field.byte, value); }
  void set(Field<BytesView> field, BytesView value) {
    put_list(field.byte, wire::kElementByte, {value.data(), value.size(), value.size()});
  }
  template <class T, std::ranges::input_range R>
  void set(Field<ListView<T>> field, const R& values) {
    if constexpr (std::is_same_v<T, std::string_view>) {
      const auto size = static_cast<std::uint64_t>(std::ranges::size(values));
      std::uint32_t at = put_list(field.byte, wire::kElementPointer, {nullptr, 8 * size, size});
      for (const auto& value : values) {
        put_text(at, value);
        at += 8;
      }
    } else if constexpr (std::ranges::contiguous_range<R>) {
      put_values(field, std::span<const T>(values));
    } else {
      std::vector<T> copy(std::ranges::begin(values), std::ranges::end(values));
      put_values(field, std::span<const T>(copy));
    }
  }
  // A whole record of the same schema; to be called before any `set`.
  void copy(Record from);                        // row_slab.hpp
  void copy(const CopyPlan& plan, Record from);  // copy.hpp

  void end() {
    write_envelope();
    ++next_;
    start_ = end_;
  }

  SchemaView schema() const { return schema_; }

 private:
  friend class Out;
  friend class TextRows;
  struct Elements {
    const void* data;
    std::uint64_t bytes;
    std::uint64_t count;
  };

  // Room for `size` bytes behind the row (rounded up to words), zero in the last word. Returns the
  // end of it; body_ and end_ may have moved.
  std::uint8_t* allocate(std::uint64_t size) {
    const std::uint64_t padded = (size + 7) & ~std::uint64_t{7};
    const std::ptrdiff_t room = limit_ - end_;
    if (static_cast<std::ptrdiff_t>(padded) > room || next_ == records_end_) [[unlikely]] {
      grow(padded);
    }
    return end_ + padded;
  }
  template <class T>
  void put(std::uint32_t byte, T value) {
    std::memcpy(body_ + byte, &value, sizeof value);
  }
  void put_text(std::uint32_t byte, std::string_view value) {
    if (!value.empty()) {  // counts the NUL; its bytes are copied without it
      put_list(byte, wire::kElementByte, {value.data(), value.size(), value.size() + 1});
    }
  }
  template <class T>
  void put_values(Field<ListView<T>> field, std::span<const T> values) {
    const auto element = sizeof(T) == 8 ? wire::kElementEight : wire::kElementFour;
    put_list(field.byte, element, {values.data(), values.size_bytes(), values.size()});
  }
  // Writes the list and its pointer at body_ + byte; null data = zeroes. Returns where it starts.
  std::uint32_t put_list(std::uint32_t byte, std::uint64_t element, Elements elements) {
    const bool text = element == wire::kElementByte && elements.count > elements.bytes;
    const std::uint64_t size = elements.bytes + (text ? 1 : 0);
    if (size == 0) {
      wire::store64(body_ + byte, 0);
      return 0;
    }
    check_size(size);
    std::uint8_t* const after = allocate(size);
    std::uint8_t* const target = end_;
    wire::store64(after - 8, 0);
    if (elements.data != nullptr) {
      if (elements.bytes != 0) {
        std::memcpy(target, elements.data, elements.bytes);
      }
    } else {
      std::memset(target, 0, elements.bytes);
    }
    wire::store64(body_ + byte, wire::list_pointer(body_ + byte, target, element, elements.count));
    end_ = after;
    return static_cast<std::uint32_t>(target - body_);
  }
  void check_size(std::uint64_t more) const {
    if (static_cast<std::uint64_t>(end_ - body_) + more > SAGE_MAX_RECORD) [[unlikely]] {
      throw RecordError(SAGE_E_TOO_LARGE, "the record would exceed 16 MiB");
    }
  }
  void clear_body();  // row_slab.hpp, as the next ones
  void write_envelope();
  void make_room();
  void grow(std::uint64_t more, std::uint32_t more_rows = 1);
  void exchange(std::uint64_t more, std::uint32_t more_rows);
  void take(const sage_slab& slab);
  std::uint64_t sure_rows(std::uint64_t rows_max) const;
  void commit();
  // As the host counts them: payload and envelopes.
  std::uint64_t open_bytes() const { return cost(next_ - records_, start_ - slab_start_); }
  std::uint64_t unsettled_bytes() const {
    return cost(next_ - settled_next_, start_ - settled_end_);
  }
  static std::uint64_t cost(std::ptrdiff_t rows, std::ptrdiff_t bytes) {
    return static_cast<std::uint64_t>(bytes + rows * std::ptrdiff_t{sizeof(sage_record)});
  }
  bool is_open() const { return end_ != start_; }
  void settle() {
    settled_next_ = next_;
    settled_end_ = start_;
  }
  void roll_back() {
    next_ = settled_next_;
    start_ = body_ = end_ = settled_end_;
    ts_ = SAGE_NO_TS;
  }

  // The row that is being written, and where the next one starts.
  std::uint8_t* body_ = nullptr;
  std::uint8_t* end_ = nullptr;
  std::uint8_t* start_ = nullptr;
  std::int64_t ts_ = SAGE_NO_TS;
  // The slab, from its first row that is not committed.
  std::uint8_t* data_ = nullptr;
  std::uint8_t* slab_start_ = nullptr;
  std::uint8_t* limit_ = nullptr;
  sage_record* records_ = nullptr;
  sage_record* next_ = nullptr;
  sage_record* sure_end_ = nullptr;  // see sure_rows
  sage_record* records_end_ = nullptr;
  std::uint32_t buffer_ = 0;
  // What stays when the current record is rejected.
  sage_record* settled_next_ = nullptr;
  std::uint8_t* settled_end_ = nullptr;
  // Set once.
  SchemaView schema_;
  std::uint32_t body_bytes_ = 0;
  std::uint32_t port_ = 0;
  Out* out_ = nullptr;
};

}  // namespace sage
