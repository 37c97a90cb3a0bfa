// Part of out.hpp: how a Row takes, uses up and exchanges the host's slab.
#pragma once

#include "out.hpp"

namespace sage {

inline void Row::take(const sage_slab& slab) {
  data_ = slab.data;
  limit_ = slab.data == nullptr ? nullptr : slab.data + slab.capacity;
  slab_start_ = slab.data == nullptr ? nullptr : slab.data + slab.offset;
  start_ = body_ = end_ = settled_end_ = slab_start_;
  records_ = slab.records;
  max_ = slab.max_records;
  buffer_ = slab.buf;
  n_ = settled_n_ = 0;
}

// Hands all finished rows to the host; the slab stays usable behind them.
inline void Row::commit() {
  if (n_ == 0) {
    return;
  }
  const std::uint64_t bytes = open_bytes();
  Out::check(out_->out_->commit(out_->out_, port_, n_, static_cast<std::uint64_t>(start_ - data_)));
  out_->committed_ += bytes;
  records_ += n_;
  max_ -= n_;
  n_ = settled_n_ = 0;
  slab_start_ = settled_end_ = start_;
}

// Commits what is settled and moves the rest, the row being written included, into a new slab with
// room for `more` bytes and `more_rows` rows behind it. The old slab is void once a new one is
// asked for, so the bytes take a way round.
inline void Row::grow(std::uint64_t more, std::uint32_t more_rows) {
  Out& out = *out_;
  const std::uint32_t kept = out.hold_ ? settled_n_ : n_;
  std::uint8_t* const from = out.hold_ ? settled_end_ : start_;
  const auto finished = static_cast<std::uint64_t>(start_ - from);
  const auto partial = static_cast<std::uint64_t>(end_ - body_);
  if (out.hold_) {
    out.check_record_output(Row::cost(more_rows, static_cast<std::ptrdiff_t>(partial + more)));
  }
  out.moved_records_.assign(records_ + kept, records_ + n_);
  out.moved_.assign(from, from + finished + partial);
  n_ = kept;
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
  n_ = rows;
  start_ = body_ = slab_start_ + finished;
  end_ = body_ + partial;
}

}  // namespace sage
