#include "generator.hpp"

#include <sage/time.hpp>

#include <charconv>
#include <cmath>
#include <limits>

namespace sage::io {

namespace {

// A poll stops here, so that its rows fit one batch of 64 KiB.
constexpr std::uint64_t kPollBytes = std::uint64_t{48} << 10;
constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr double kNsPerSecond = 1e9;
constexpr double kWaitNsMin = 1e6;  // rows that are due earlier come together

// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014): the
// state is a counter times a constant, so that every draw can be had by its number.
constexpr std::uint64_t kGamma = 0x9e3779b97f4a7c15u;
constexpr std::uint64_t mix(std::uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

__extension__ using Wide = __int128;

Wide exact_ts(std::int64_t start, std::uint64_t seq, std::int64_t step) {
  return static_cast<Wide>(seq) * step + start;
}

}  // namespace

Options Generator::options() {
  return {
      option("count", kInt).min(0).help("records in all; absent: no end"),
      option("rate", kFloat).help("records a second over all instances; absent: no limit"),
      option("seed", kInt).value("1").help("another seed, other keys and values"),
      option("keys", kInt).value("1000").min(1).max(Zipf::kSizeMax).help("how many different keys"),
      option("skew", kFloat)
          .value("0.0")
          .min(0)
          .max(100)
          .help("0: all keys are equally likely; above: the exponent of Zipf's law"),
      option("start", kText)
          .text("1970-01-01T00:00:00Z")
          .help("event time of the first record, RFC 3339"),
      option("step", kDuration).text("1ms").help("event time from one record to the next")};
}

void Generator::resolve(Resolve& resolve, const Config& options) {
  resolve.output({{"seq", Type::kInt64},
                  {"key", Type::kText},
                  {"value", Type::kFloat64},
                  {"ts", Type::kTimestamp}});
  if (!options.has("count")) {
    resolve.unbounded();
  }
  const double rate = options.real("rate");
  if (options.has("rate") && !(rate > 0 && std::isfinite(rate))) {
    resolve.error("rate", "the rate is a number above 0", "leave it out for no limit");
  }
  const auto start = parse_timestamp(options.text("start"));
  if (!start) {
    resolve.error("start", "this is no RFC 3339 time between the years 1677 and 2262",
                  "such as 2026-01-31T12:00:00Z");
  } else if (options.integer("step") < 0) {
    resolve.error("step", "time does not go backwards");
  } else if (options.integer("count") > 0 &&
             exact_ts(start->ns, static_cast<std::uint64_t>(options.integer("count")) - 1,
                      options.integer("step")) > kMost) {
    resolve.error("step", "the last record would lie behind the year 2262",
                  "choose a smaller step or count");
  }
}

Generator::Generator(Context& ctx, const Config& options)
    : ctx_(ctx),
      seq_(ctx.output().field<std::int64_t>("seq")),
      key_(ctx.output().field<std::string_view>("key")),
      value_(ctx.output().field<double>("value")),
      ts_(ctx.output().field<Timestamp>("ts")),
      seed_(mix(static_cast<std::uint64_t>(options.integer("seed")) + kGamma)),
      keys_(static_cast<std::uint64_t>(options.integer("keys"))),
      skewed_(options.real("skew") > 0),
      count_(static_cast<std::uint64_t>(options.has("count") ? options.integer("count") : kMost)),
      rate_(options.real("rate")),
      start_(parse_timestamp(options.text("start")).value_or(Timestamp{}).ns),
      step_(options.integer("step")),
      next_(ctx.subtask()) {
  if (skewed_) {
    zipf_ = Zipf(static_cast<std::uint32_t>(keys_), options.real("skew"));
  }
}

Poll Generator::poll(Out& out, std::uint32_t max) {
  const std::uint64_t end = std::min(count_, rate_ > 0 ? due() : kMost);
  Row& row = out.row();
  const std::uint32_t stride = ctx_.parallelism();
  for (std::uint32_t i = 0; i < max && next_ < end && out.bytes() < kPollBytes;
       ++i, next_ += stride) {
    put(row, next_);
  }
  if (next_ >= count_) {
    return Poll::kEnd;
  }
  out.watermark(ts_of(next_));
  if (next_ < end) {
    return Poll::kOk;
  }
  wait();
  return Poll::kIdle;
}

// How many records of all instances are due by now.
std::uint64_t Generator::due() {
  const auto now = std::chrono::steady_clock::now();
  if (!running_) {
    running_ = true;
    began_ = now;
  }
  const std::chrono::duration<double> elapsed = now - began_;
  const double records = std::floor(elapsed.count() * rate_) + 1;
  return records < static_cast<double>(kMost) ? static_cast<std::uint64_t>(records)
                                              : static_cast<std::uint64_t>(kMost);
}

void Generator::wait() {
  const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - began_;
  const double ns = (static_cast<double>(next_) / rate_ - elapsed.count()) * kNsPerSecond;
  constexpr double kWaitNsMax = 3600 * kNsPerSecond;
  ctx_.wait_delay(
      std::chrono::nanoseconds(static_cast<std::int64_t>(std::clamp(ns, kWaitNsMin, kWaitNsMax))));
}

void Generator::put(Row& row, std::uint64_t seq) {
  const std::uint64_t key_bits = mix(seed_ + (2 * seq + 1) * kGamma);
  const std::uint64_t value_bits = mix(seed_ + (2 * seq + 2) * kGamma);
  char key[24] = {'k'};
  const std::uint64_t k = skewed_ ? zipf_.draw(key_bits) : scale(key_bits, keys_);
  const char* const end = std::to_chars(key + 1, key + sizeof key, k).ptr;
  const std::int64_t ts = ts_of(seq);
  row.begin(ts);
  row.set(seq_, static_cast<std::int64_t>(seq));
  row.set(key_, {key, static_cast<std::size_t>(end - key)});
  row.set(value_, static_cast<double>(value_bits >> 11) * 0x1p-53);
  row.set(ts_, Timestamp{ts});
  row.end();
}

// Without `count` time stands still at the end of what a timestamp can hold.
std::int64_t Generator::ts_of(std::uint64_t seq) const {
  const Wide ts = exact_ts(start_, seq, step_);
  return ts > kMost ? kMost : static_cast<std::int64_t>(ts);
}

}  // namespace sage::io
