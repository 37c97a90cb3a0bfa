// P3: what the SDK's per-record map costs over a loop of one's own against the C ABI.
#include "bench.hpp"
#include "measure.hpp"

namespace sage::bench {

namespace {

test::Run run(Bench& bench, std::uint64_t count, const std::string& map) {
  return bench.engine.run(pipeline(stage("rows", "bench/rows", "count = " + std::to_string(count)) +
                                   stage("pair", map) + stage("sum", "bench/sum")));
}

}  // namespace

void map_of_sdk(Bench& bench) {
  const std::uint64_t count = bench.scaled(20'000'000);
  std::vector<double> by_hand;
  std::vector<double> by_sdk;
  std::vector<double> added;
  bench.each_round([&](bool measured) {
    const test::Run c = run(bench, count, "bench/pair");
    const test::Run sdk = run(bench, count, "bench_sdk/pair");
    require_equal(counter(sdk.report, "sum", "sum"), counter(c.report, "sum", "sum"), "P3");
    if (measured) {
      by_hand.push_back(c.cpu_seconds);
      by_sdk.push_back(sdk.cpu_seconds);
      added.push_back((sdk.cpu_seconds - c.cpu_seconds) * 1e9 / static_cast<double>(count));
    }
  });
  bench.rows.push_back({
      .goal = "P3",
      .what = "per-record C++ map adds, a record",
      .yardstick = "the same map in C, by batches",
      .unit = "ns",
      .values = added,
      .at_least = false,
      .bound = 1,
      .tight = by_hand,
      .figures = ns_each(by_sdk, by_hand, count),
  });
}

}  // namespace sage::bench
