// A partitioner as a C++ author would write it, and a sink that says where each number has arrived.
// Rows as those of probe.c: {n, key}.
#include <sage/plugin.hpp>

#include <map>

namespace {

bool is_due(std::int64_t n, std::int64_t every) { return every > 0 && n % every == every - 1; }

// A number goes where its stable hash says. Some are sent out of range instead: by one and by more,
// so that a remainder of the division by the targets would be in range. Others are refused.
class ByHash {
 public:
  ByHash(sage::Context& ctx, const sage::Config& config)
      : n_(ctx.input().field<std::int64_t>("n")),
        astray_(config.integer("astray")),
        refused_(config.integer("refused")) {}
  static sage::Options options() {
    return {sage::option("astray", sage::kInt).value("0").help("every so many-th, out of range"),
            sage::option("refused", sage::kInt).value("0").help("every so many-th, rejected")};
  }
  std::uint32_t partition(sage::Record record, std::uint32_t targets) const {
    const std::int64_t n = record[n_];
    if (is_due(n, refused_))
      throw sage::RecordError("goes nowhere");
    const auto to = static_cast<std::uint32_t>(sage::stable_hash(n) % targets);
    if (is_due(n, astray_))
      return targets + (n / astray_ % 2 == 0 ? 0 : to);
    return to;
  }

 private:
  sage::Field<std::int64_t> n_;
  std::int64_t astray_;
  std::int64_t refused_;
};

// Counts each number, as "INSTANCE N".
class Seen {
 public:
  explicit Seen(sage::Context& ctx, const sage::Config&)
      : ctx_(&ctx), n_(ctx.input().field<std::int64_t>("n")) {}
  void write(sage::Record record) {
    const auto [at, is_new] = counters_.try_emplace(record[n_]);
    if (is_new) {
      const std::string name = std::to_string(ctx_->subtask()) + " " + std::to_string(record[n_]);
      at->second = ctx_->metrics().counter(name.c_str());
    }
    ++at->second;
  }

 private:
  sage::Context* ctx_;
  sage::Field<std::int64_t> n_;
  std::map<std::int64_t, sage::Counter> counters_;
};

}  // namespace

SAGE_PLUGIN("router", "1.0.0", "A partitioner, and a sink that tells what has come where",
            sage::operator_of<ByHash>("by-hash", "Where the hash of a number says"),
            sage::operator_of<Seen>("seen", "Counts each number by its instance"));
