// @NAME@/count, a source: counts from one number to another.
#include <sage/plugin.hpp>

namespace {

constexpr double kMost = 1e15;

class Count {
 public:
  static sage::Options options() {
    return {sage::option("from", sage::kInt).value("1").min(0).max(kMost).help("the first number"),
            sage::option("to", sage::kInt).value("10").min(0).max(kMost).help("the last number")};
  }

  // Before anything runs: which fields come out? A source that never ends says
  // resolve.unbounded() here.
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    if (config.integer("from") > config.integer("to")) {
      resolve.error("to", "the last number comes before the first");
    }
    resolve.output({{"n", sage::Type::kInt64}});
  }

  // One object for each parallel instance. They share the numbers out among them.
  Count(sage::Context& ctx, const sage::Config& config)
      : n_(ctx.output().field<std::int64_t>("n")),
        next_(config.integer("from") + ctx.subtask()),
        last_(config.integer("to")),
        step_(ctx.parallelism()) {}

  // Gives about `max` rows and returns; must not wait. Poll::kIdle: nothing now, and
  // Context::wait_readable or wait_delay said before when to ask again.
  sage::Poll poll(sage::Out& out, std::uint32_t max) {
    sage::Row& row = out.row();
    for (std::uint32_t i = 0; i < max && next_ <= last_; ++i, next_ += step_) {
      row.begin();  // begin(nanoseconds) where a row has an event time
      row.set(n_, next_);
      row.end();
    }
    return next_ > last_ ? sage::Poll::kEnd : sage::Poll::kOk;
  }

 private:
  sage::Field<std::int64_t> n_;
  std::int64_t next_;
  std::int64_t last_;
  std::int64_t step_;
};

}  // namespace

SAGE_PLUGIN("@NAME@", "0.1.0", "A plugin with a source",
            sage::operator_of<Count>("count", "Counts from one number to another"));
