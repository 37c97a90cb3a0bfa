#include "reduce.hpp"

#include <algorithm>

namespace sage::agg {

Options Reduce::options() {
  return {option("aggregate", kText)
              .table()
              .required()
              .help("fields to add and what they hold, as in { n = \"count()\", total = "
                    "\"sum(x)\", best = \"top(3, x)\" }: count, sum, min, max, avg, first, last, "
                    "collect, top"),
          emit_option()};
}

void Reduce::resolve(Resolve& resolve, const Config& options) {
  check_emit(resolve, options);
  std::vector<FieldSpec> fields = key_specs(resolve);
  const auto report = [&](const std::string& place, const std::string& message,
                          const std::string& hint) { resolve.error(place, message, hint); };
  for (const Aggregate& aggregate :
       read_aggregates(resolve.input(), options["aggregate"], report)) {
    if (std::ranges::find(fields, aggregate.name, &FieldSpec::name) != fields.end()) {
      resolve.error("aggregate." + aggregate.name,
                    "'" + aggregate.name + "' is the name of a key field",
                    "give the aggregate another name");
    }
    fields.push_back({aggregate.name, aggregate.output});
  }
  resolve.output(fields);
}

Reduce::Reduce(Context& ctx, const Config& options)
    : Reduce(ctx, options,
             read_aggregates(
                 ctx.input(), options["aggregate"],
                 [](const std::string& place, const std::string& message, const std::string&) {
                   throw Failure(SAGE_E_CONFIG, place + ": " + message);
                 })) {}

Reduce::Reduce(Context& ctx, const Config& options, const std::vector<Aggregate>& aggregates)
    : ctx_(ctx),
      emit_(emit_of(options, ctx.bounded())),
      key_(ctx.input(), ctx.keys(), ctx.output()),
      fold_(ctx, aggregates),
      cells_(ctx, fold_.bytes(), fold_.grows()) {}

sage_status Reduce::process(Batch batch, Out& out) {
  if (!batch.resumed()) {
    at_ = 0;
  }
  cells_.load(batch);
  for (; at_ < batch.size(); ++at_) {
    if (emit_ == Emit::kUpdate && out.full()) {
      return SAGE_MORE;
    }
    const Record record = batch[at_];
    Cell cell = cells_[at_];
    try {
      fold_.add(cells_, cell, record);
    } catch (const RecordError& error) {
      if (!ctx_.reject(at_, error.code(), error.what())) {
        return SAGE_E_CANCELLED;
      }
      continue;
    }
    if (emit_ == Emit::kUpdate) {
      write(out.row(), record.ts(), batch.keyed() ? batch.key(at_) : BytesView(), cell);
    }
  }
  return SAGE_OK;
}

sage_status Reduce::finish(Out& out) {
  if (emit_ == Emit::kUpdate) {
    return SAGE_OK;
  }
  const bool done = cells_.scan(cursor_, [&](BytesView key, const Cell& cell) {
    // A key whose records were all rejected has no row.
    if (Fold::seen(cell) != 0) {
      write(out.row(), SAGE_NO_TS, key, cell);
    }
    return !out.full();
  });
  return done ? SAGE_OK : SAGE_MORE;
}

void Reduce::write(Row& row, std::int64_t ts, BytesView key, const Cell& cell) {
  row.begin(ts);
  key_.write(row, key);
  fold_.write(row, cell);
  row.end();
}

}  // namespace sage::agg
