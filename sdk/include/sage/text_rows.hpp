// The fast path of batch-level operators whose output has one field of type text, and besides it
// one int64 at most: no checks per row, one test of the capacity per block of input.
//
//   TextRows rows(out.row());
//   rows.ensure(32, 64);                  // room for 32 rows with 64 bytes of text together
//   rows.put(ts, word, length);           // at most what was ensured
//   rows.put(ts, word, length, number);   // where there is an int64
//   ...                                   // the destructor hands the rows over
#pragma once

#include "out.hpp"

namespace sage {

class TextRows {
 public:
  explicit TextRows(Row& row) : row_(row) {
    if (!fits(row.schema())) {
      throw Failure("sage::TextRows needs an output with one text field and at most one int64");
    }
    at_ = open(row);
    before_ = row.out_->bytes() - row.open_bytes();
  }
  // It can write rows of this schema.
  static bool fits(SchemaView schema) {
    std::uint32_t texts = 0;
    std::uint32_t numbers = 0;
    for (std::uint32_t i = 0; i < schema.size(); ++i) {
      texts += schema.type(i) == Type::kText ? 1 : 0;
      numbers += schema.type(i) == Type::kInt64 ? 1 : 0;
    }
    return texts == 1 && numbers <= 1 && texts + numbers == schema.size();
  }
  TextRows(const TextRows&) = delete;
  TextRows& operator=(const TextRows&) = delete;
  ~TextRows() { close(row_, at_); }

  void ensure(std::uint32_t rows, std::uint64_t text_bytes) {
    const std::uint64_t bytes = text_bytes + std::uint64_t{24} * rows;
    if (at_.record_end - at_.record < static_cast<std::ptrdiff_t>(rows) ||
        static_cast<std::uint64_t>(at_.limit - at_.cursor) < bytes) [[unlikely]] {
      at_ = refill(row_, at_, rows, bytes);
      before_ = row_.out_->bytes() - row_.open_bytes();
    }
  }

  // A row. 16 bytes from `text` on may be read whatever its length is, as in every buffer of a
  // batch, and up to 16 bytes behind the row are overwritten.
  void put(std::int64_t ts, const char* text, std::uint32_t length) {
    put_row(ts, text, length, 0);
  }
  void put(std::int64_t ts, const char* text, std::uint32_t length, std::int64_t number) {
    std::memcpy(at_.cursor, &number, sizeof number);
    put_row(ts, text, length, sizeof number);
  }

  // True when the call has written enough, see Out::full.
  bool full() const {
    return before_ + Row::cost(at_.record - row_.records_, at_.cursor - at_.start) >=
           kCallSoftLimit;
  }

 private:
  // Kept by value, so that the compiler may hold it in registers.
  struct Place {
    std::uint8_t* cursor;
    std::uint8_t* limit;
    sage_record* record;
    sage_record* record_end;
    std::uint8_t* data;
    std::uint8_t* start;
    std::uint32_t buffer;
  };
  using Block [[gnu::vector_size(16)]] = signed char;
  static constexpr std::uint64_t kPointer =
      1u | (wire::kElementByte << 32) | (std::uint64_t{1} << 35);

  // `head`: bytes before the pointer.
  void put_row(std::int64_t ts, const char* text, std::uint32_t length, std::uint32_t head) {
    const std::uint32_t size = head + 8 + ((length + 8) & ~7u);
    const auto off = static_cast<std::uint32_t>(at_.cursor - at_.data);
    *at_.record++ = {ts, 0, off, size, at_.buffer, 0};
    std::uint8_t* const pointer = at_.cursor + head;
    wire::store64(pointer, kPointer + (std::uint64_t{length} << 35));
    if (length < 16) [[likely]] {
      store_short(pointer + 8, text, length);
    } else {
      wire::store64(at_.cursor + size - 8, 0);
      std::memcpy(pointer + 8, text, length);
    }
    at_.cursor += size;
  }
  // 16 bytes, those behind the text zero: the NUL and the padding.
  static void store_short(std::uint8_t* to, const char* text, std::uint32_t length) {
    constexpr Block kIndex = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    Block block;
    std::memcpy(&block, text, sizeof block);
    const auto n = static_cast<signed char>(length);
    const Block limit = {n, n, n, n, n, n, n, n, n, n, n, n, n, n, n, n};
    block &= kIndex < limit;
    std::memcpy(to, &block, sizeof block);
  }
  static Place open(Row& row) {
    return {row.start_, row.limit_,      row.next_,  row.records_end_,
            row.data_,  row.slab_start_, row.buffer_};
  }
  static void close(Row& row, const Place& at) {
    row.next_ = at.record;
    row.start_ = row.body_ = row.end_ = at.cursor;
  }
  [[gnu::noinline]] static Place refill(Row& row, Place at, std::uint32_t rows,
                                        std::uint64_t bytes) {
    close(row, at);
    row.grow(bytes, rows);
    return open(row);
  }

  Row& row_;
  Place at_{};
  std::uint64_t before_ = 0;  // bytes of the call before this slab's
};

}  // namespace sage
