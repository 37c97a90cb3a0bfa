// Operators of the benchmarks that are written with the C++ layer of the SDK.
#include <sage/plugin.hpp>

#include <limits>

namespace sage::bench {
namespace {

// What the operator `pair` of ops.c does, a record at a time.
class Pair {
 public:
  explicit Pair(Context& ctx, const Config&)
      : seq_(ctx.input().field<std::int64_t>("seq")),
        value_(ctx.input().field<std::int64_t>("value")),
        out_seq_(ctx.output().field<std::int64_t>("seq")),
        out_value_(ctx.output().field<std::int64_t>("value")) {}

  static void resolve(Resolve& resolve, const Config&) {
    resolve.output({{"seq", Type::kInt64}, {"value", Type::kInt64}});
  }

  void map(Record record, Row& row) {
    row.set(out_seq_, record[seq_]);
    row.set(out_value_,
            static_cast<std::int64_t>(static_cast<std::uint64_t>(record[value_]) * 3 + 1));
  }

 private:
  Field<std::int64_t> seq_;
  Field<std::int64_t> value_;
  Field<std::int64_t> out_seq_;
  Field<std::int64_t> out_value_;
};

// Sums of `value` for each key and window of event time; events come in order of time.
class Tumble {
 public:
  explicit Tumble(Context& ctx, const Config& config)
      : window_(config.integer("window")),
        value_(ctx.input().field<std::int64_t>("value")),
        out_key_(ctx.output().field<std::int64_t>("key")),
        out_sum_(ctx.output().field<std::int64_t>("sum")) {}

  static Options options() {
    return {option("window", kDuration).required().help("length of a window")};
  }
  static void resolve(Resolve& resolve, const Config&) {
    resolve.output({{"key", Type::kInt64}, {"sum", Type::kInt64}});
  }

  void open(Context& ctx) { sums_ = ctx.keyed_state<std::int64_t>("sum"); }

  void process(Batch batch, Out& out) {
    const auto slots = sums_.slots(batch);
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      const Record record = batch[i];
      if (record.ts() >= end_) [[unlikely]] {
        close(out);
        end_ = (record.ts() / window_ + 1) * window_;
      }
      slots[i] += record[value_];
    }
  }

  void finish(Out& out) { close(out); }

 private:
  void close(Out& out) {
    KeyCursor cursor;
    (void)sums_.scan(cursor, [&](BytesView key, std::int64_t& sum) {
      if (sum != 0) {
        std::int64_t number = 0;
        std::memcpy(&number, key.data(), sizeof number);
        Row& row = out.row();
        row.begin(end_ - 1);
        row.set(out_key_, number);
        row.set(out_sum_, sum);
        row.end();
        sum = 0;
      }
      return true;
    });
  }

  std::int64_t window_;
  std::int64_t end_ = std::numeric_limits<std::int64_t>::min();
  Field<std::int64_t> value_;
  Field<std::int64_t> out_key_;
  Field<std::int64_t> out_sum_;
  KeyedState<std::int64_t> sums_;
};

}  // namespace
}  // namespace sage::bench

SAGE_PLUGIN("bench_sdk", "1.0.0", "Operators for benchmarks, in C++",
            sage::operator_of<sage::bench::Pair>("pair", "Makes a record of two fields"),
            sage::operator_of<sage::bench::Tumble>("tumble", "Sums by key and window")
                .kind(SAGE_KIND_KEYED)
                .traits(SAGE_TRAIT_NEEDS_KEY));
