#include "runtime/random_graph.hpp"

#include "runtime/jobs.hpp"
#include "seed.hpp"

namespace sage::runtime {

namespace {

// What the graphs have had, so that it shows when they lack something.
struct Met {
  std::uint64_t retries = 0;
  std::uint64_t skipped = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t blocking = 0;  // graphs
  std::uint64_t fused = 0;     // stages behind another one in its task
};

std::uint64_t of(const Counts& counts, const std::string& id) {
  const auto at = counts.find(id);
  return at == counts.end() ? 0 : at->second;
}

void check(const Outcome& out, const Wanted& wanted, Met& met) {
  INFO((out.error ? out.error->message : "no error"));
  REQUIRE_FALSE(out.error);
  REQUIRE(out.tally("end", "count") == wanted.count);
  REQUIRE(out.tally("end", "sum") == wanted.sum);
  REQUIRE(out.tally("end", "squares") == wanted.squares);
  Counts letters;
  for (const StageReport& stage : out.report.stages) {
    if (stage.id == "dead") {
      letters = out.counts("dead");
      continue;
    }
    INFO("stage " << stage.id);
    REQUIRE(stage.total.skipped == of(wanted.skipped, stage.id));
    REQUIRE(stage.total.dead_lettered == of(wanted.dead_lettered, stage.id));
    met.skipped += stage.total.skipped;
    met.dead_lettered += stage.total.dead_lettered;
    met.retries += stage.total.retries;
  }
  REQUIRE(lines(letters) == lines(wanted.letters));
}

void check(const Graph& graph, std::uint32_t cpus_max, Met& met) {
  int shape = 0;
  for (const std::uint32_t batch : {1u, 7u, 4096u}) {
    const Wanted wanted = graph.wanted(shape);
    const std::string text = graph.text(shape++);
    const plan::Plan plan = make_plan(text);
    met.fused += plan.stages.size() - plan.chains.size();
    for (std::uint32_t cpus = 1; cpus <= cpus_max; ++cpus) {
      INFO("batches of " << batch << ", " << cpus << " executors\n" << text);
      check(run(text, batch, cpus), wanted, met);
    }
  }
  met.blocking += graph.may_block() ? 1 : 0;
}

}  // namespace

TEST_CASE(
    "job: 200 random graphs give exactly the rows and dead letters of the model in every shape, on "
    "1 to 8 executors",
    "[runtime]") {
  const std::uint32_t base = test::seed(20261125);
  Met met;
  for (std::uint32_t i = 0; i < 200; ++i) {
    INFO("SAGE_TEST_SEED=" << base + i << " has this graph first");
    check(random_graph(base + i), i % 8 == 0 ? 8 : 4, met);
  }
  CHECK(met.retries > 10'000);
  CHECK(met.skipped > 10'000);
  CHECK(met.dead_lettered > 10'000);
  CHECK(met.blocking > 50);
  CHECK(met.fused > 100);
}

}  // namespace sage::runtime
