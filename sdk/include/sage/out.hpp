// Where the output of a call goes: one Row per port, and the bookkeeping between rows and the
// host's sage_out. One Out per instance, bound anew by each call. [task]
#pragma once

#include "row.hpp"

#include <memory>

namespace sage {

class Out {
 public:
  explicit Out(const sage_ctx* ctx)
      : n_ports_(ctx->n_outputs), rows_(std::make_unique<Row[]>(ctx->n_outputs)) {
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      Row& row = rows_[port];
      // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): forgets the bound of this loop
      row.schema_ = SchemaView(ctx->outputs[port]);
      row.body_bytes_ = row.schema_.body_bytes();
      row.port_ = port;
      row.out_ = this;
    }
  }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;

  std::uint32_t ports() const { return n_ports_; }
  Row& row(std::uint32_t port = 0) { return rows_[port]; }

  // Sources: no later record of this port will have an earlier event time.
  void watermark(std::int64_t ts, std::uint32_t port = 0) {
    rows_[port].commit();
    rows_[port].take(sage_slab{});
    check(out_->watermark(out_, port, ts));
  }
  // Bytes of finished rows of this call, over all ports, envelopes included.
  std::uint64_t bytes() const {
    std::uint64_t sum = committed_;
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      sum += rows_[port].open_bytes();
    }
    return sum;
  }
  // True when the call has written enough (1 MiB): finish here and return SAGE_MORE.
  bool full() const { return bytes() >= kCallSoftLimit; }

  // The host's table, for calls that the classes here do not offer. Rows written through Row must
  // have been handed over by `flush` before.
  sage_out* get() const { return out_; }
  void flush() {
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      rows_[port].commit();
    }
  }

  // ---- For the thunks (roles.hpp) ----

  // Starts a call. `per_record`: rows are held back until `settle`.
  void bind(sage_out* out, bool per_record, std::uint32_t rows_hint) {
    out_ = out;
    hold_ = per_record;
    rows_hint_ = rows_hint;
    committed_ = 0;
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      rows_[port].take(sage_slab{});
    }
  }
  // Throws if the current record wrote more than one may.
  void check_record() const { check_record_output(0); }
  // The current record is finished. Throws, before anything is settled, if it wrote too much.
  void settle() {
    check_record();
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      if (rows_[port].is_open()) {
        throw RecordError(SAGE_E_FAIL, "a row was begun and not ended");
      }
    }
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      rows_[port].settle();
    }
  }
  // The same where rows of one port are all that there is, and one row all that a record gives.
  bool full(const Row& row) const {
    return row.next_ >= row.sure_end_ && committed_ + row.open_bytes() >= kCallSoftLimit;
  }
  void settle(Row& row) { row.settle(); }
  void roll_back(Row& row) { row.roll_back(); }
  void roll_back() {
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      rows_[port].roll_back();
    }
  }
  // The call is over.
  void unbind() {
    last_bytes_ = std::min(bytes(), kCallSoftLimit);
    flush();
    out_ = nullptr;
  }

 private:
  friend class Row;
  static constexpr std::uint64_t kSlabBytesMin = 16u << 10;
  static constexpr std::uint32_t kSlabRowsMin = 64;

  static void check(sage_status status) {
    if (status < 0) {
      const bool full = status == SAGE_E_FULL || status == SAGE_E_TOO_LARGE;
      throw Failure(status,
                    full ? "one call would emit over 64 MiB" : "the host refused the output");
    }
  }
  // The limit does not depend on what the call wrote before, so that the same record fails or
  // passes in every batch.
  void check_record_output(std::uint64_t more) const {
    for (std::uint32_t port = 0; port < n_ports_; ++port) {
      more += rows_[port].unsettled_bytes();
    }
    if (more > kRecordOutputMax) [[unlikely]] {
      throw RecordError(SAGE_E_FULL, "the rows of one record would exceed 63 MiB");
    }
  }
  // A slab for at least `rows` rows and `bytes` bytes, more where the host gives it.
  sage_slab reserve(std::uint32_t port, std::uint32_t rows, std::uint64_t bytes) {
    sage_slab slab{};
    slab.struct_size = sizeof slab;
    const std::uint64_t wish = std::max({2 * bytes, last_bytes_ + last_bytes_ / 8, kSlabBytesMin});
    const std::uint32_t rows_wish = std::max({2 * rows, rows_hint_, kSlabRowsMin});
    const sage_status status = out_->reserve(out_, port, rows_wish, wish, &slab);
    if (status == SAGE_E_FULL || status == SAGE_E_TOO_LARGE) {
      return reserve_the_rest(port, rows, bytes);
    }
    check(status);
    return slab;
  }
  // All that the call may still emit, shared out as `rows` and `bytes` are.
  sage_slab reserve_the_rest(std::uint32_t port, std::uint32_t rows, std::uint64_t bytes) {
    const auto need = static_cast<double>(Row::cost(rows, static_cast<std::ptrdiff_t>(bytes)));
    const auto left = static_cast<double>(SAGE_MAX_CALL - out_->emitted(out_));
    const double factor = std::max(left / need, 1.0);
    sage_slab slab{};
    slab.struct_size = sizeof slab;
    const sage_status status =
        out_->reserve(out_, port, static_cast<std::uint32_t>(factor * rows),
                      static_cast<std::uint64_t>(factor * static_cast<double>(bytes)), &slab);
    if (hold_ && (status == SAGE_E_FULL || status == SAGE_E_TOO_LARGE)) {
      throw RecordError(SAGE_E_FULL, "the rows of one record would exceed 63 MiB");
    }
    check(status);
    return slab;
  }

  sage_out* out_ = nullptr;
  std::uint32_t n_ports_;
  std::uint32_t rows_hint_ = 0;
  bool hold_ = false;
  std::uint64_t committed_ = 0;
  std::uint64_t last_bytes_ = 0;
  std::unique_ptr<Row[]> rows_;
  std::vector<std::uint8_t> moved_;  // rows on their way from one slab into the next
  std::vector<sage_record> moved_records_;
};

}  // namespace sage

#include "row_slab.hpp"
