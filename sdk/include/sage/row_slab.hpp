// Part of out.hpp: how a Row takes, uses up and exchanges the host's slab.
#pragma once

#include "out.hpp"

#include <bit>

namespace sage {

// In whole blocks while that touches only what lies around a buffer anyway.
inline void Row::clear_body() {
  constexpr std::uint32_t kFew = 16;
  std::memset(body_, 0, kFew);
  if (body_bytes_ > kFew) {
    std::memset(body_ + kFew, 0, SAGE_SLACK - kFew);
    if (body_bytes_ > SAGE_SLACK) [[unlikely]] {
      std::memset(body_ + SAGE_SLACK, 0, body_bytes_ - SAGE_SLACK);
    }
  }
}

inline void Row::copy(Record from) {
  const std::uint64_t size = from.envelope().len;
  if (size != body_bytes_) {
    sure_end_ = next_;  // rows have not one size
  }
  end_ = allocate(size - body_bytes_);
  if (size <= SAGE_SLACK) {  // in whole blocks, as above
    std::memcpy(body_, from.body(), SAGE_SLACK);
  } else {
    std::memcpy(body_, from.body(), size);
  }
}

// By words: a row costs what it stores, and compilers store the small members one by one.
inline void Row::write_envelope() {
  static_assert(std::endian::native == std::endian::little);
  auto* const to = reinterpret_cast<std::uint8_t*>(next_);
  const std::uint64_t off = static_cast<std::uint32_t>(body_ - data_);
  const auto len = static_cast<std::uint64_t>(end_ - body_);
  wire::store64(to + offsetof(sage_record, ts), static_cast<std::uint64_t>(ts_));
  wire::store64(to + offsetof(sage_record, key), 0);
  wire::store64(to + offsetof(sage_record, off), off | (len << 32));
  wire::store64(to + offsetof(sage_record, buf), buffer_);  // and meta
}

// For the fixed part of a row at start_.
inline void Row::make_room() {
  const auto room = static_cast<std::uint64_t>(limit_ - start_);
  if (body_bytes_ > room || next_ == records_end_) [[unlikely]] {
    end_ = start_;
    grow(body_bytes_);
  }
}

inline void Row::take(const sage_slab& slab) {
  data_ = slab.data;
  limit_ = slab.data == nullptr ? nullptr : slab.data + slab.capacity;
  slab_start_ = slab.data == nullptr ? nullptr : slab.data + slab.offset;
  start_ = body_ = end_ = settled_end_ = slab_start_;
  records_ = next_ = settled_next_ = slab.records;
  records_end_ = records_ + slab.max_records;
  buffer_ = slab.buf;
  sure_end_ = records_ + sure_rows(slab.max_records);
}

// How many rows of a new slab need no test of room, nor of whether the call has written enough:
// none unless all rows have one size.
inline std::uint64_t Row::sure_rows(std::uint64_t rows_max) const {
  if (rows_max == 0 || schema_.get()->ptr_words != 0) {
    return 0;
  }
  const auto room = static_cast<std::uint64_t>(limit_ - slab_start_);
  const std::uint64_t fit = body_bytes_ == 0 ? rows_max : room / body_bytes_;
  const std::uint64_t left = kCallSoftLimit - std::min(out_->committed_, kCallSoftLimit);
  return std::min({rows_max, fit, left / cost(1, body_bytes_)});
}

// Hands all finished rows to the host; the slab stays usable behind them.
inline void Row::commit() {
  const std::ptrdiff_t rows = next_ - records_;
  if (rows == 0) {
    return;
  }
  const std::uint64_t bytes = open_bytes();
  Out::check(out_->out_->commit(out_->out_, port_, static_cast<std::uint32_t>(rows),
                                static_cast<std::uint64_t>(start_ - data_)));
  out_->committed_ += bytes;
  records_ = settled_next_ = next_;
  slab_start_ = settled_end_ = start_;
}

// Commits what is settled and moves the rest, the row being written included, into a new slab with
// room for `more` bytes and `more_rows` rows behind it. The old slab is void once a new one is
// asked for, so the bytes take a way round.
[[gnu::noinline]] inline void Row::exchange(std::uint64_t more, std::uint32_t more_rows) {
  Out& out = *out_;
  sage_record* const kept = out.hold_ ? settled_next_ : next_;
  std::uint8_t* const from = out.hold_ ? settled_end_ : start_;
  const auto finished = static_cast<std::uint64_t>(start_ - from);
  const auto partial = static_cast<std::uint64_t>(end_ - body_);
  if (out.hold_) {
    out.check_record_output(Row::cost(more_rows, static_cast<std::ptrdiff_t>(partial + more)));
  }
  out.moved_records_.assign(kept, next_);
  out.moved_.assign(from, from + finished + partial);
  next_ = kept;
  start_ = from;
  commit();
  const auto rows = static_cast<std::uint32_t>(out.moved_records_.size());
  take(sage_slab{});
  take(out.reserve(port_, rows + more_rows, finished + partial + more));
  if (!out.moved_.empty()) {
    std::memcpy(slab_start_, out.moved_.data(), out.moved_.size());
  }
  std::uint64_t at = slab_start_ - data_;
  for (std::uint32_t i = 0; i < rows; ++i) {
    records_[i] = out.moved_records_[i];
    records_[i].off = static_cast<std::uint32_t>(at);
    records_[i].buf = buffer_;
    at += records_[i].len;
  }
  next_ = records_ + rows;
  start_ = body_ = slab_start_ + finished;
  end_ = body_ + partial;
}

// `this` may be a copy that a loop holds in registers, so its address stays here: the row of the
// port gets the slab.
inline void Row::grow(std::uint64_t more, std::uint32_t more_rows) {
  Row& own = out_->rows_[port_];
  own = *this;
  try {
    own.exchange(more, more_rows);
  } catch (...) {
    *this = own;
    throw;
  }
  *this = own;
}

}  // namespace sage
