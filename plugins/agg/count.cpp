#include "count.hpp"

#include <sage/text_rows.hpp>

#include <algorithm>

namespace sage::agg {

Options Count::options() { return {emit_option()}; }

void Count::resolve(Resolve& resolve, const Config& options) {
  check_emit(resolve, options);
  std::vector<FieldSpec> fields = key_specs(resolve);
  if (std::ranges::find(fields, "n", &FieldSpec::name) != fields.end()) {
    resolve.error("", "the key field 'n' has the name of the count",
                  "rename it before, with record/map");
  }
  fields.push_back({"n", Type::kInt64});
  resolve.output(fields);
}

Count::Count(Context& ctx, const Config& options)
    : emit_(emit_of(options, ctx.bounded())),
      keyed_(!ctx.keys().empty()),
      text_key_(ctx.keys().size() == 1 && TextRows::fits(ctx.output())),
      n_(ctx.output().field<std::int64_t>("n")),
      key_(ctx.input(), ctx.keys(), ctx.output()) {}

void Count::open(Context& ctx) {
  if (keyed_) {
    state_ = ctx.keyed_state<std::int64_t>("n");
  }
}

sage_status Count::process(Batch batch, Out& out) {
  if (!batch.resumed()) {
    at_ = 0;
  }
  if (!keyed_ && emit_ == Emit::kEnd) {
    total_ += batch.size();
    return SAGE_OK;
  }
  if (!keyed_) {
    for (; at_ < batch.size(); ++at_) {
      if (out.full()) {
        return SAGE_MORE;
      }
      write(out.row(), batch[at_].ts(), {}, ++total_);
    }
    return SAGE_OK;
  }
  const auto slots = state_.slots(batch);
  if (emit_ == Emit::kEnd) {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      ++slots[i];
    }
    return SAGE_OK;
  }
  if (text_key_) {
    return update_texts(batch, slots, out);
  }
  for (; at_ < batch.size(); ++at_) {
    if (out.full()) {
      return SAGE_MORE;
    }
    write(out.row(), batch[at_].ts(), batch.key(at_), ++slots[at_]);
  }
  return SAGE_OK;
}

// Key and count of every record, as it comes: the key lies in a buffer of the batch.
sage_status Count::update_texts(Batch batch, const Slots& slots, Out& out) {
  TextRows rows(out.row());
  for (; at_ < batch.size(); ++at_) {
    if (rows.full()) {
      return SAGE_MORE;
    }
    const BytesView key = batch.key(at_);
    rows.ensure(1, key.size());
    rows.put(batch[at_].ts(), as_text(key).data(), static_cast<std::uint32_t>(key.size()),
             ++slots[at_]);
  }
  return SAGE_OK;
}

sage_status Count::finish(Out& out) {
  if (emit_ == Emit::kUpdate) {
    return SAGE_OK;
  }
  if (!keyed_) {
    if (total_ != 0) {
      write(out.row(), SAGE_NO_TS, {}, total_);
    }
    return SAGE_OK;
  }
  const bool done = state_.scan(cursor_, [&](BytesView key, std::int64_t n) {
    write(out.row(), SAGE_NO_TS, key, n);
    return !out.full();
  });
  return done ? SAGE_OK : SAGE_MORE;
}

void Count::write(Row& row, std::int64_t ts, BytesView key, std::int64_t n) const {
  row.begin(ts);
  key_.write(row, key);
  row.set(n_, n);
  row.end();
}

}  // namespace sage::agg
