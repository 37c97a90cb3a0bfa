#pragma once
// io/generator: rows made from a seed, for trying and measuring pipelines.

#include "zipf.hpp"

#include <sage/plugin.hpp>

namespace sage::io {

class Generator {
 public:
  static constexpr const char* kDoc =
      "Makes records `{seq, key, value, ts}`: `seq` counts from 0; `key` is `k0` .. `k<keys - 1>`, "
      "uniform, or with `skew` above 0 Zipf's law with that exponent, `k0` most often; `value` is "
      "uniform in [0, 1); `ts` is `start` + `seq` x `step` and the event time as well. A record "
      "depends on `seed` and `seq` alone, so the rows are the same for every parallelism: instance "
      "i of P makes those with `seq` mod P = i. Without `count` it goes on until it is stopped.\n\n"
      "`rate` is records a second over all instances, counted from the first: what was held up "
      "comes as soon as it can.";

  Generator(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  Poll poll(Out& out, std::uint32_t max);

 private:
  std::uint64_t due();
  void wait();
  void put(Row& row, std::uint64_t seq);
  std::int64_t ts_of(std::uint64_t seq) const;

  Context& ctx_;
  Field<std::int64_t> seq_;
  Field<std::string_view> key_;
  Field<double> value_;
  Field<Timestamp> ts_;
  Zipf zipf_;
  std::uint64_t seed_;
  std::uint64_t keys_;
  bool skewed_;
  std::uint64_t count_;
  double rate_;  // of all instances; 0: no limit
  std::int64_t start_;
  std::int64_t step_;

  std::uint64_t next_;  // seq of this instance's next record
  std::chrono::steady_clock::time_point began_;
  bool running_ = false;
};

}  // namespace sage::io
