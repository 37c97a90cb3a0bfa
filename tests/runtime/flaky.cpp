// Operators that ask to be tried again. The call that the option `where` names does so `asks` times
// (-1: for ever) when all of its work is done and all of its output written, so that whatever stays
// of it shows. Rows as those of probe.c: {n, key}.
#include <sage/plugin.hpp>

namespace {

class Asks {
 public:
  Asks(sage::Context& ctx, const sage::Config& config)
      : where_(config.text("where")),
        asks_(config.integer("asks")),
        every_(config.integer("every")),
        calls_(ctx.metrics().counter("calls")) {}

  static sage::Options options() {
    return {sage::option("where", sage::kText).text("").help("which call"),
            sage::option("asks", sage::kInt).value("3").help("how often it asks, -1: for ever"),
            sage::option("every", sage::kInt).value("1").help("only with every so many-th number")};
  }
  // The name of the call under way; throws while it is to be tried again.
  void maybe(std::string_view call, bool due = true) {
    if (where_ != call || !due)
      return;
    ++calls_;
    if (asked_ == asks_) {
      asked_ = 0;
      return;
    }
    ++asked_;
    throw sage::Failure(SAGE_E_RETRY, "not now");
  }
  bool is_due(std::int64_t n) const { return n % every_ == every_ - 1; }

 private:
  std::string where_;
  std::int64_t asks_;
  std::int64_t every_;
  std::int64_t asked_ = 0;
  sage::Counter calls_;
};

// What has rows comes in and goes out as {n, key}.
class Rows {
 public:
  Rows(sage::Context& ctx, const sage::Config& config) : asks_(ctx, config) {
    const sage::SchemaView rows = ctx.inputs() > 0 ? ctx.input() : ctx.output();
    n_ = rows.field<std::int64_t>("n");
    key_ = rows.field<std::int64_t>("key");
  }
  static sage::Options options() { return Asks::options(); }
  static void resolve(sage::Resolve& resolve, const sage::Config&) {
    resolve.output({{"n", sage::Type::kInt64}, {"key", sage::Type::kInt64}});
  }

 protected:
  void put(sage::Out& out, std::int64_t n, std::int64_t key) const {
    sage::Row& row = out.row();
    row.begin(n);
    row.set(n_, n);
    row.set(key_, key);
    row.end();
  }
  bool is_due(sage::Batch batch) const {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (asks_.is_due(batch[i][n_]))
        return true;
    }
    return false;
  }

  Asks asks_;
  sage::Field<std::int64_t> n_;
  sage::Field<std::int64_t> key_;
};

// Gives every row on, the number of each watermark, and 1000000 at the end.
class Map : public Rows {
 public:
  using Rows::Rows;
  void process(sage::Batch batch, sage::Out& out) {
    for (std::uint32_t i = 0; i < batch.size(); ++i)
      put(out, batch[i][n_], batch[i][key_]);
    asks_.maybe("process", is_due(batch));
  }
  void on_watermark(std::int64_t ts, sage::Out& out) {
    put(out, ts, 0);
    asks_.maybe("watermark");
  }
  sage_status finish(sage::Out& out) {
    put(out, 1'000'000, 0);
    asks_.maybe(finished_ == 0 ? "finish" : "finish after more");
    return ++finished_ == 1 ? SAGE_MORE : SAGE_OK;
  }

 private:
  int finished_ = 0;
};

// Keeps odd numbers.
class Odd : public Rows {
 public:
  Odd(sage::Context& ctx, const sage::Config& config) : Rows(ctx, config), ctx_(&ctx) {}
  bool filter(sage::Record record) {
    const sage::CurrentRecord& current = ctx_->current();
    const sage::Batch batch(current.batch);
    asks_.maybe("select", current.index + 1 == batch.size() && is_due(batch));
    return record[n_] % 2 == 1;
  }

 private:
  sage::Context* ctx_;
};

// Gives rows 0 .. 99 in tens and a watermark behind each ten; with where = "idle" it then has
// nothing for an hour.
class Source : public Rows {
 public:
  Source(sage::Context& ctx, const sage::Config& config)
      : Rows(ctx, config), ctx_(&ctx), idles_(config.text("where") == "idle") {}
  sage::Poll poll(sage::Out& out, std::uint32_t) {
    for (std::int64_t n = next_; n < next_ + 10; ++n)
      put(out, n, 0);
    out.watermark(next_ + 9);
    asks_.maybe("poll", asks_.is_due(next_ + 9));
    next_ += 10;
    if (next_ == 100)
      return sage::Poll::kEnd;
    ctx_->wait_delay(std::chrono::hours(1));
    return idles_ ? sage::Poll::kIdle : static_cast<sage::Poll>(SAGE_MORE);
  }

 private:
  sage::Context* ctx_;
  bool idles_;
  std::int64_t next_ = 0;
};

class Keyed : public Rows {
 public:
  Keyed(sage::Context& ctx, const sage::Config& config)
      : Rows(ctx, config), sum_(ctx.keyed_state<std::int64_t>("sum")), blob_(ctx.keyed_blob("b")) {}
  void process(sage::Batch batch, sage::Out&) {
    asks_.maybe("before");
    sum_.slots(batch)[0] += 1;
    asks_.maybe("after");
    blob_.resize(blob_.get(batch, 0), 1);
  }
  void finish(sage::Out&) {
    sage::KeyCursor cursor;
    sum_.scan(cursor, [](sage::BytesView, std::int64_t&) { return true; });
    asks_.maybe("read");
    cursor = {};
    blob_.scan(cursor, [this](sage::BytesView, sage_blob& blob) {
      blob_.resize(blob, 2);
      return true;
    });
    asks_.maybe("resized");
  }

 private:
  sage::KeyedState<std::int64_t> sum_;
  sage::KeyedBlob blob_;
};

// Counts and adds up what it has taken, and how it is distributed.
class Sink : public Rows {
 public:
  Sink(sage::Context& ctx, const sage::Config& config)
      : Rows(ctx, config),
        count_(ctx.metrics().counter("count")),
        sum_(ctx.metrics().counter("sum")),
        n_seen_(ctx.metrics().histogram("n")) {}
  static void resolve(sage::Resolve&, const sage::Config&) {}
  void write(sage::Batch batch) {
    asks_.maybe("write", is_due(batch));
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      ++count_;
      n_seen_.record(static_cast<double>(batch[i][n_]));
      sum_.add(static_cast<std::uint64_t>(batch[i][n_]));
    }
  }
  void finish(sage::Out&) { asks_.maybe("finish"); }

 private:
  sage::Counter count_;
  sage::Counter sum_;
  sage::Histogram n_seen_;
};

// Takes dead letters: counts each by its code, instance, message and record.
class Letters {
 public:
  explicit Letters(sage::Context& ctx, const sage::Config&)
      : ctx_(&ctx),
        instance_(ctx.input().field<std::int64_t>("instance")),
        code_(ctx.input().field<std::string_view>("code")),
        message_(ctx.input().field<std::string_view>("message")),
        record_(ctx.input().field<std::string_view>("record")) {}
  void write(sage::Record letter) {
    std::string name(letter[code_]);
    name += " " + std::to_string(letter[instance_]) + " ";
    name += letter[message_];
    name += " ";
    name += letter[record_];
    ++ctx_->metrics().counter(name.c_str());
  }

 private:
  sage::Context* ctx_;
  sage::Field<std::int64_t> instance_;
  sage::Field<std::string_view> code_;
  sage::Field<std::string_view> message_;
  sage::Field<std::string_view> record_;
};

}  // namespace

SAGE_PLUGIN(
    "flaky", "1.0.0", "Operators that ask to be tried again", sage::operator_of<Map>("map", ""),
    sage::operator_of<Odd>("odd", ""), sage::operator_of<Source>("source", ""),
    sage::operator_of<Keyed>("keyed", "").kind(SAGE_KIND_KEYED).traits(SAGE_TRAIT_NEEDS_KEY),
    sage::operator_of<Sink>("sink", ""), sage::operator_of<Letters>("letters", ""));
