// P13: how long records are on their way through two keyed hops, from the moment that the source
// emits them to the moment that the sink is called; 10,000 a second.
#include "bench.hpp"
#include "measure.hpp"
#include "plugin/delays.h"

#include <stdexcept>

namespace sage::bench {

namespace {

constexpr std::uint64_t kRate = 10'000;

// Two instances of each stage, so that the records are exchanged on one executor, too.
std::string two_hops(std::uint64_t count) {
  const std::string n = "parallelism = 2";
  return pipeline(
      stage("pace", "bench/pace", "keys = 1000, rate = 10000, count = " + std::to_string(count)) +
      stage("one", "bench/bump", "", "key_by = 'first'\n" + n) +
      stage("two", "bench/bump", "", "key_by = 'second'\n" + n) +
      stage("delays", "bench/delays", "", n));
}

// The delay, in microseconds, that so large a share of all records does not exceed.
double quantile(const runtime::Report& report, std::uint64_t count, double share) {
  const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count));
  std::uint64_t below = 0;
  for (std::uint32_t cell = 0; cell < DELAY_CELLS; ++cell) {
    below += counter(report, "delays", "d" + std::to_string(cell));
    if (below > wanted)
      return static_cast<double>(delay_cell_end(cell)) / 1000;
  }
  throw std::runtime_error("wrong result, P13: " + std::to_string(count - below) +
                           " records were lost");
}

void measure(Bench& bench, std::uint32_t executors) {
  const std::uint64_t count = bench.quick ? kRate / 2 : 3 * kRate;
  runtime::JobOptions options;
  options.cpus = executors;
  const PinningClock clock(executors == 1 ? bench.one_cpu() : bench.two_cpus());
  options.clock = &clock;
  std::vector<double> p50;
  std::vector<double> p99;
  std::vector<double> s2;
  bool late = false;
  for (int round = 0; round < bench.rounds; ++round) {
    const runtime::Report report = bench.engine.run(two_hops(count), options).report;
    require_equal(report.sink_records(), count, "P13");
    late = late || report.seconds * static_cast<double>(kRate) > 1.1 * static_cast<double>(count);
    p50.push_back(quantile(report, count, 0.50));
    p99.push_back(quantile(report, count, 0.99));
    if (executors > 1)
      s2.push_back(measure_s2(bench));
  }
  const std::string what = "10 k rec/s, two keyed hops, " + std::to_string(executors) +
                           (executors == 1 ? " executor, " : " executors, ");
  bench.rows.push_back({
      .goal = "P13",
      .what = what + "p50",
      .yardstick = "none: a figure",
      .unit = "us",
      .values = p50,
      .at_least = false,
      .bound = 60,
      .s2 = s2,
      .late = late,
  });
  bench.rows.push_back({
      .goal = "P13",
      .what = what + "p99",
      .yardstick = "none: a figure",
      .unit = "us",
      .values = p99,
      .at_least = false,
      .bound = 400,
      .s2 = s2,
      .late = late,
  });
}

}  // namespace

void latency(Bench& bench) {
  measure(bench, 1);
  if (!bench.has_two_cpus())
    return;
  measure(bench, 2);
  pin(bench.one_cpu());
}

}  // namespace sage::bench
