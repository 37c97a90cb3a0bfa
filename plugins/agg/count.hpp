#pragma once
// agg/count: how many records each key has.

#include "emit.hpp"

namespace sage::agg {

class Count {
 public:
  static constexpr const char* kDoc =
      "The output is the key fields in `key_by` order, then `n`. Without `key_by` one instance "
      "counts all records; where there was none, there is no row.";

  Count(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void open(Context& ctx);
  sage_status process(Batch batch, Out& out);
  sage_status finish(Out& out);

 private:
  using Slots = KeyedState<std::int64_t>::Slots;
  sage_status update_texts(Batch batch, const Slots& slots, Out& out);
  void write(Row& row, std::int64_t ts, BytesView key, std::int64_t n) const;

  Emit emit_;
  bool keyed_;
  bool text_key_;  // the key is one text
  Field<std::int64_t> n_;
  KeyFields key_;
  KeyedState<std::int64_t> state_;
  std::int64_t total_ = 0;  // without a key
  std::uint32_t at_ = 0;    // record of the batch to go on with
  KeyCursor cursor_;
};

}  // namespace sage::agg
