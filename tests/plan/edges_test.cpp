#include "fake_operators.hpp"
#include "plan/graph_text.hpp"

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

Planned plan_of(const std::string& stages, const FakeOperators& operators) {
  return plan_text(file(stages), operators);
}

std::string findings_of(const std::string& stages) {
  const FakeOperators operators;
  return found(plan_of(stages, operators).findings);
}

std::string edges_of(const std::string& stages) {
  const FakeOperators operators;
  const Planned planned = plan_of(stages, operators);
  INFO(messages(planned.findings));
  REQUIRE(planned.plan);
  return edges(*planned.plan);
}

const std::string kFour = stage("a", "rows", "parallelism = 4");  // lines 2 to 5

}  // namespace

TEST_CASE("edges: forward between equal parallelisms, rebalance between others", "[plan]") {
  CHECK(edges_of(kFour + stage("b", "slow", "parallelism = 4") + stage("out", "sink")) ==
        "a>b forward, b>out rebalance");
}

TEST_CASE("edges: key_by makes a hash edge with the key's fields", "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_of(kFour + stage("b", "count", "parallelism = 3\nkey_by = [\"n\", \"line\"]") +
                  stage("out", "sink"),
              operators);
  REQUIRE(planned.plan);
  CHECK(edges(*planned.plan) == "a>b hash, b>out rebalance");
  CHECK(planned.plan->edges[0].keys == std::vector<std::uint32_t>{1, 0});
  CHECK(planned.plan->stages[1].keys == std::vector<std::uint32_t>{1, 0});
}

TEST_CASE("edges: partition says how", "[plan]") {
  const auto with = [](const std::string& how) {
    return edges_of(kFour + stage("out", "sink", "parallelism = 4\npartition = " + how));
  };
  CHECK(with("\"forward\"") == "a>out forward fused");
  CHECK(with("\"rebalance\"") == "a>out rebalance");
  CHECK(with("\"broadcast\"") == "a>out broadcast");
  CHECK(with("\"global\"") == "a>out global");
  CHECK(with("{ use = \"t/part\", with = { field = \"n\" } }") == "a>out custom");
}

TEST_CASE("edges: forward between different parallelisms (E0215)", "[plan]") {
  CHECK(findings_of(kFour + stage("out", "sink", "partition = \"forward\"")) == "E0215 9:13");
}

TEST_CASE("edges: parallelism above the key groups (E0216)", "[plan]") {
  CHECK(findings_of(stage("a", "src") + stage("out", "sink", "parallelism = 129")) == "E0216 8:15");
  CHECK(findings_of(stage("a", "src") + stage("out", "sink", "parallelism = 128")).empty());
}

TEST_CASE("edges: parallelism above what the operator can do (E0217)", "[plan]") {
  CHECK(findings_of(stage("a", "one", "parallelism = 2") + stage("out", "sink")) == "E0217 5:15");
  CHECK(findings_of(stage("a", "src") + stage("b", "count", "parallelism = 2") +
                    stage("out", "sink")) == "E0217 8:15");
}

TEST_CASE("edges: a default parallelism is reduced without a word", "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_text("sage = 1\n[pipeline]\nparallelism = 4\n" + stage("a", "one") +
                                        stage("b", "map") + stage("c", "count") +
                                        stage("d", "map", "parallelism = 2") + stage("out", "sink"),
                                    operators);
  CHECK(planned.findings.empty());
  REQUIRE(planned.plan);
  std::string parallelism;
  for (const Stage& stage : planned.plan->stages) {
    parallelism += std::to_string(stage.parallelism) + " ";
  }
  CHECK(parallelism == "1 4 1 2 4 ");
}

TEST_CASE("edges: a partitioner's options are checked against the stream", "[plan]") {
  const auto with = [](const std::string& how) {
    return findings_of(kFour + stage("out", "sink", "partition = " + how));
  };
  CHECK(with("{ use = \"t/part\", with = { field = \"n\" } }").empty());
  CHECK(with("{ use = \"t/part\", with = { field = \"m\" } }") == "E0406 9:48");
  CHECK(with("{ use = \"t/part\" }") == "E0401 9:13");
  CHECK(with("{ use = \"t/part\", with = { feld = \"m\" } }") == "E0107 9:40, E0401 9:13");
  CHECK(with("{ use = \"t/picky\" }") == "E0219 9:21");
  CHECK(with("{ use = \"t/nosuch\" }") == "E0302 9:21");
}

TEST_CASE("edges: a partitioner is planned for each stream", "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_of(stage("a", "src") + stage("b", "src") +
                                      stage("out", "sink",
                                            "from = [\"a\", \"b\"]\npartition = { use = "
                                            "\"t/part\", with = { field = \"line\" } }"),
                                  operators);
  REQUIRE(planned.plan);
  for (const Edge& edge : planned.plan->edges) {
    REQUIRE(edge.partitioner);
    CHECK(edge.partitioner->info->id == "part");
    CHECK(edge.partitioner->options.size() == 1);
  }
}

TEST_CASE("edges: instances that never get a record are warned (W0202)", "[plan]") {
  CHECK(findings_of(kFour + stage("out", "sink", "parallelism = 2\npartition = \"global\"")) ==
        "W0202 10:13");
  CHECK(findings_of(kFour + stage("out", "sink", "partition = \"global\"")).empty());
}

TEST_CASE("edges: key groups that divide badly are warned (W0204)", "[plan]") {
  const auto with = [](int parallelism) {
    return findings_of(
        kFour +
        stage("b", "count", "key_by = \"n\"\nparallelism = " + std::to_string(parallelism)) +
        stage("out", "sink"));
  };
  CHECK(with(64).empty());
  CHECK(with(65) == "W0204 10:15");
  CHECK(with(128).empty());
}

TEST_CASE("edges: channels join each sender with each receiver, forward only neighbours",
          "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_of(
      kFour + stage("b", "slow", "parallelism = 4") + stage("c", "map", "parallelism = 3") +
          stage("d", "map", "parallelism = 3") + stage("out", "sink", "partition = \"global\""),
      operators);
  REQUIRE(planned.plan);
  std::string counts;
  for (const Edge& edge : planned.plan->edges) {
    counts += std::to_string(channel_count(*planned.plan, edge)) + " ";
  }
  CHECK(counts == "4 12 0 3 ");
}

}  // namespace sage::plan
