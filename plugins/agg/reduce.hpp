#pragma once
// agg/reduce: aggregates of the records of each key.

#include "emit.hpp"
#include "fold.hpp"

namespace sage::agg {

class Reduce {
 public:
  static constexpr const char* kDoc =
      "The output is the key fields in `key_by` order, then the aggregates in the order of the "
      "file. Without `key_by` one instance takes all records; where there was none, there is no "
      "row.\n\n"
      "`count()`: int64. `sum(x)` of int64 (a record that would take it out of its range is a "
      "record error) or float64. `avg(x)` of int64 or float64: float64; whole numbers are summed "
      "exactly. `min(x)`, `max(x)` of bool (false is lower), int64, float64, timestamp, text and "
      "data (by bytes). `first(x)`, `last(x)` of everything, in order of arrival. `collect(x)` of "
      "text, int64 or float64: the list of all values in order of arrival. `top(n, x)` of the "
      "same: the n largest values, largest first; equal values each have their place.\n\n"
      "NaN counts for `min`, `max` and `top` only where there is nothing else: it is above all "
      "numbers for `min` and below them for the others. -0.0 is below 0.0. Sums and averages of "
      "float64 follow IEEE 754, NaN and infinities included; their last digits, `first`, `last`, "
      "`collect` and updates depend on the order of arrival.\n\n"
      "A record that would make the output record of its key longer than 16 MiB is a record error. "
      "A record error changes no aggregate of its key and gives no row.";

  Reduce(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  sage_status process(Batch batch, Out& out);
  sage_status finish(Out& out);

 private:
  Reduce(Context& ctx, const Config& options, const std::vector<Aggregate>& aggregates);
  void write(Row& row, std::int64_t ts, BytesView key, const Cell& cell);

  Context& ctx_;
  Emit emit_;
  KeyFields key_;
  Fold fold_;
  Cells cells_;
  std::uint32_t at_ = 0;  // record of the batch to go on with
  KeyCursor cursor_;
};

}  // namespace sage::agg
