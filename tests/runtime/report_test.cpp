// What the report derives from counters: skew, what limits the job, quantiles over all instances.
#include "runtime/bottleneck.hpp"
#include "runtime/jobs.hpp"

#include <algorithm>

namespace sage::runtime {
namespace {

const StageReport& stage_of(const Report& report, const std::string& id) {
  for (const StageReport& stage : report.stages) {
    if (stage.id == id)
      return stage;
  }
  FAIL("no stage " << id);
  return report.stages[0];
}

// Two chains: n+a, and b+end with two instances.
plan::Plan two_chains() {
  return make_plan(numbers("n", 10, 1) + stage("a", "add", "") + stage("b", "add", parallel(2)) +
                   stage("end", "tally", parallel(2)));
}

std::optional<std::string> limit(double seconds, double first, double second, double third) {
  const BusyTimes from = {10, {{5}, {5}, {5, 5}, {5, 5}}};
  BusyTimes to = {10 + seconds, {}};
  to.stages = {{5 + first}, {5 + first}, {5 + second, 5 + third}, {5 + second, 5 + third}};
  return limited_by(two_chains(), from, to);
}

}  // namespace

TEST_CASE("report: skew is the records of the largest instance over the mean", "[runtime]") {
  const std::string spread = "from = \"n\"\n" + parallel(4);
  const Outcome out = run(stage("n", "numbers", "with = { count = 1000, keys = 1 }") +
                              stage("total", "total", "key_by = \"key\"\n" + spread) +
                              stage("end", "tally", "") + stage("even", "tally", spread),
                          10);
  CHECK(stage_of(out.report, "total").skew == 4);
  CHECK(stage_of(out.report, "even").skew == 1);
  CHECK(stage_of(out.report, "n").skew == 1);
  const Outcome sources = run(numbers("n", 5, 4) + stage("end", "tally", ""));
  CHECK(stage_of(sources.report, "n").skew == 1.6);  // 2, 1, 1, 1
  const Outcome nothing = run(numbers("n", 0, 3) + stage("end", "tally", parallel(3)));
  CHECK(stage_of(nothing.report, "end").skew == 1);
}

TEST_CASE("report: the chain with the busiest instance limits the job", "[runtime]") {
  CHECK(limit(2, 1, 0.5, 0.5) == "n+a");
  CHECK(limit(2, 1, 1.5, 0) == "b+end");  // though its mean is lower
  CHECK(limit(2, 0.5, 0.1, 0) == "n+a");
  CHECK_FALSE(limit(2, 0.19, 0.1, 0.15));  // nobody was busy for a tenth of the time
  CHECK_FALSE(limit(0, 0, 0, 0));
  CHECK_FALSE(limited_by(two_chains(), {}, {}));
  CHECK(limited_by(two_chains(), {}, {1, {{0.3}, {0.3}, {0, 0.2}, {0, 0.2}}}) == "n+a");
}

TEST_CASE("report: a job says what limited it", "[runtime]") {
  const Outcome out = run(numbers("n", 3'000'000, 1) + stage("end", "tally", ""));
  CHECK(out.report.limited_by == "n+end");
  CHECK(out.stage("end").busy_seconds > 0);
  CHECK(out.stage("end").busy_seconds <= out.report.seconds);
  const auto idle = prepare(numbers("n", 10, 1) + stage("end", "tally", ""), {});
  CHECK_FALSE(idle->job->report().limited_by);
}

TEST_CASE("report: quantiles of a histogram are those of all instances together", "[runtime]") {
  const Outcome out = run(numbers("n", 1000, 1) + stage("end", "flaky/sink", parallel(3)), 10);
  const auto& metrics = out.stage("end").metrics;
  const auto found = std::find_if(metrics.begin(), metrics.end(),
                                  [](const plugin::Metric& m) { return m.name == "n"; });
  REQUIRE(found != metrics.end());
  CHECK(found->count == 1000);
  CHECK(found->minimum == 0);
  CHECK(found->maximum == 999);
  CHECK(found->quantile(0.5) == Approx(499).epsilon(0.032));
  CHECK(found->quantile(0.9) == Approx(899).epsilon(0.032));
  CHECK(found->quantile(0.99) == Approx(989).epsilon(0.032));
}

}  // namespace sage::runtime
