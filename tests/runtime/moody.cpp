// Operators that reject some records and ask to repeat some calls, as their mood says, so that what
// is left of them can be told beforehand. A call that is to be repeated has done all of its work by
// then, so that whatever stays of it shows. Each of them also as one that may block. Rows as those
// of probe.c: {n, key}.
#include "mood.hpp"

#include <sage/plugin.hpp>

#include <algorithm>

namespace {

class Rows {
 public:
  Rows(sage::Context& ctx, const sage::Config& config)
      : mood_{config.integer("seed"), config.integer("rejects"), config.integer("asks")},
        ctx_(&ctx),
        n_(ctx.input().field<std::int64_t>("n")),
        key_(ctx.input().field<std::int64_t>("key")) {}

  static sage::Options options() {
    return {sage::option("seed", sage::kInt).value("0").help("of the mood"),
            sage::option("rejects", sage::kInt).value("0").help("about one number in so many"),
            sage::option("asks", sage::kInt).value("0").help("at about one number in so many")};
  }
  static void resolve(sage::Resolve& resolve, const sage::Config&) {
    resolve.output(resolve.input().specs());
  }

 protected:
  // To be called once in each call, with its batch.
  void maybe_ask(sage::Batch batch) {
    std::uint32_t tries = 0;
    std::uint64_t what = batch.size();
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      tries = std::max(tries, mood_.tries(batch[i][n_]));
      what = 31 * what + sage::stable_hash(batch[i][n_]);
    }
    if (asked_ > 0 && what != asked_for_)
      throw sage::Failure("another call came in place of the one to be tried again");
    if (asked_ == tries) {
      asked_ = 0;
      return;
    }
    ++asked_;
    asked_for_ = what;
    throw sage::Failure(SAGE_E_RETRY, "not now");
  }
  // For the methods that work on one record at a time.
  void maybe_ask_at_last() {
    const sage::CurrentRecord& current = ctx_->current();
    const sage::Batch batch(current.batch);
    if (current.index + 1 == batch.size())
      maybe_ask(batch);
  }
  bool is_rejected(sage::Record record) const { return mood_.is_rejected(record[n_]); }
  // True where it is.
  bool reject(sage::Batch batch, std::uint32_t i) {
    if (!is_rejected(batch[i]))
      return false;
    if (!ctx_->reject(i, SAGE_E_DATA, "not this one"))
      throw sage::Failure(SAGE_E_CANCELLED, "the job is failing");
    return true;
  }
  void put(sage::Out& out, std::int64_t n, std::int64_t key) const {
    sage::Row& row = out.row();
    row.begin(n);
    row.set(n_, n);
    row.set(key_, key);
    row.end();
  }

  sage::Mood mood_;
  sage::Context* ctx_;
  sage::Field<std::int64_t> n_;
  sage::Field<std::int64_t> key_;

 private:
  std::uint32_t asked_ = 0;
  std::uint64_t asked_for_ = 0;
};

// n + 1, batch by batch.
class Add : public Rows {
 public:
  using Rows::Rows;
  void process(sage::Batch batch, sage::Out& out) {
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (!reject(batch, i))
        put(out, batch[i][n_] + 1, batch[i][key_]);
    }
    out.flush();  // not by the end of the call, which asking leaves out
    maybe_ask(batch);
  }
};

// n + 1, record by record.
class Map : public Rows {
 public:
  using Rows::Rows;
  void map(sage::Record record, sage::Row& row) {
    row.copy(record);
    row.set(n_, record[n_] + 1);
    maybe_ask_at_last();
    if (is_rejected(record))
      throw sage::RecordError("not this one");
  }
};

// Keeps even numbers.
class Even : public Rows {
 public:
  using Rows::Rows;
  bool filter(sage::Record record) {
    maybe_ask_at_last();
    if (is_rejected(record))
      throw sage::RecordError("not this one");
    return record[n_] % 2 == 0;
  }
};

// The sum of n by key, at the end.
class Total : public Rows {
 public:
  Total(sage::Context& ctx, const sage::Config& config)
      : Rows(ctx, config), sum_(ctx.keyed_state<std::int64_t>("sum")) {}
  void process(sage::Batch batch, sage::Out&) {
    maybe_ask(batch);  // no more once the state is touched
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (!reject(batch, i))
        sum_.get(batch, i) += batch[i][n_];
    }
  }
  void finish(sage::Out& out) {
    sage::KeyCursor cursor;
    sum_.scan(cursor, [&](sage::BytesView bytes, std::int64_t& sum) {
      std::int64_t key = 0;
      std::memcpy(&key, bytes.data(), sizeof key);
      put(out, sum, key);
      return true;
    });
  }

 private:
  sage::KeyedState<std::int64_t> sum_;
};

// Counts and adds up as probe's tally does.
class Tally : public Rows {
 public:
  Tally(sage::Context& ctx, const sage::Config& config)
      : Rows(ctx, config),
        count_(ctx.metrics().counter("count")),
        sum_(ctx.metrics().counter("sum")),
        squares_(ctx.metrics().counter("squares")) {}
  static void resolve(sage::Resolve&, const sage::Config&) {}
  void write(sage::Batch batch) {
    std::uint64_t count = 0, sum = 0, squares = 0;
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      if (reject(batch, i))
        continue;
      const auto n = static_cast<std::uint64_t>(batch[i][n_]);
      ++count;
      sum += n;
      squares += n * n * 2654435761u + static_cast<std::uint64_t>(batch[i][key_]);
    }
    maybe_ask(batch);
    count_.add(count);
    sum_.add(sum);
    squares_.add(squares);
  }

 private:
  sage::Counter count_;
  sage::Counter sum_;
  sage::Counter squares_;
};

// Takes dead letters: counts each by its stage, code and record.
class Letters {
 public:
  explicit Letters(sage::Context& ctx, const sage::Config&)
      : ctx_(&ctx),
        stage_(ctx.input().field<std::string_view>("stage")),
        code_(ctx.input().field<std::string_view>("code")),
        record_(ctx.input().field<std::string_view>("record")) {}
  void write(sage::Record letter) {
    std::string name(letter[stage_]);
    name += " ";
    name += letter[code_];
    name += " ";
    name += letter[record_];
    const auto [at, is_new] = counters_.try_emplace(std::move(name));
    if (is_new)
      at->second = ctx_->metrics().counter(at->first.c_str());
    ++at->second;
  }

 private:
  sage::Context* ctx_;
  sage::Field<std::string_view> stage_;
  sage::Field<std::string_view> code_;
  sage::Field<std::string_view> record_;
  std::map<std::string, sage::Counter> counters_;
};

template <class T>
sage::OperatorSpec blocking(const char* id) {
  return sage::operator_of<T>(id, "").traits(SAGE_TRAIT_MAY_BLOCK);
}

}  // namespace

SAGE_PLUGIN(
    "moody", "1.0.0", "Operators that reject and ask to be tried again as a seed says",
    sage::operator_of<Add>("add", ""), blocking<Add>("blocking-add"),
    sage::operator_of<Map>("map", ""), blocking<Map>("blocking-map"),
    sage::operator_of<Even>("even", ""), blocking<Even>("blocking-even"),
    sage::operator_of<Total>("total", "").kind(SAGE_KIND_KEYED).traits(SAGE_TRAIT_NEEDS_KEY),
    blocking<Total>("blocking-total").kind(SAGE_KIND_KEYED).traits(SAGE_TRAIT_NEEDS_KEY),
    sage::operator_of<Tally>("tally", ""), blocking<Tally>("blocking-tally"),
    sage::operator_of<Letters>("letters", ""));
