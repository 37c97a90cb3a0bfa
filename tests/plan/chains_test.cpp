#include "fake_operators.hpp"

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

std::string chains_of(const std::string& stages) {
  const FakeOperators operators;
  const Planned planned = plan_text(file(stages), operators);
  INFO(messages(planned.findings));
  REQUIRE(planned.plan);
  return chains(*planned.plan);
}

const std::string kSource = stage("a", "src");
const std::string kSink = stage("out", "sink");

}  // namespace

TEST_CASE("chains: equal parallelisms run in one task", "[plan]") {
  CHECK(chains_of(kSource + stage("b", "map") + kSink) == "a b out");
  CHECK(chains_of(stage("a", "src", "parallelism = 2") + stage("b", "map", "parallelism = 2") +
                  kSink) == "a b | out");
}

TEST_CASE("chains: with one instance on both sides every division is in place", "[plan]") {
  const FakeOperators operators;
  for (const char* how : {"rebalance", "broadcast", "global"}) {
    const Planned planned =
        plan_text(file(kSource + stage("out", "sink", "partition = \"" + std::string(how) + "\"")),
                  operators);
    REQUIRE(planned.plan);
    CHECK(edges(*planned.plan) == "a>out " + std::string(how) + " fused");
  }
  const Planned keyed =
      plan_text(file(kSource + stage("b", "count", "key_by = \"line\"") + kSink), operators);
  REQUIRE(keyed.plan);
  CHECK(edges(*keyed.plan) == "a>b hash fused, b>out forward fused");
  CHECK(keyed.plan->edges[0].keys.size() == 1);
}

TEST_CASE("chains: a hash edge between several instances is an exchange", "[plan]") {
  CHECK(chains_of(stage("a", "src", "parallelism = 2") +
                  stage("b", "count", "parallelism = 2\nkey_by = \"line\"") +
                  stage("out", "sink", "parallelism = 2")) == "a | b out");
}

TEST_CASE("chains: a partitioner's verdict is checked, so it is never in place", "[plan]") {
  CHECK(
      chains_of(kSource + stage("out", "sink",
                                "partition = { use = \"t/part\", with = { field = \"line\" } }")) ==
      "a | out");
}

TEST_CASE("chains: a stage that may block has its own task", "[plan]") {
  CHECK(chains_of(kSource + stage("b", "slow") + stage("c", "map") + kSink) == "a | b | c out");
}

TEST_CASE("chains: a fan-out and a union are cut", "[plan]") {
  CHECK(chains_of(kSource + stage("b", "map") + stage("c", "map", "from = \"a\"") +
                  stage("out", "sink", "from = [\"b\", \"c\"]")) == "a | b | c | out");
  CHECK(chains_of(kSource + stage("b", "branch") + stage("c", "sink", "from = \"b\"") +
                  stage("d", "sink", "from = \"b.odd\"")) == "a b | c | d");
}

TEST_CASE("chains: dead letters leave a chain by their own way", "[plan]") {
  CHECK(chains_of(kSource + stage("b", "map", "on_error = \"dead_letter\"") + kSink +
                  stage("bad", "sink", "from = \"b.errors\"")) == "a b out | bad");
}

TEST_CASE("chains: they follow those that feed them, in any order of the file", "[plan]") {
  CHECK(chains_of(stage("out", "sink", "from = \"c\"") + stage("c", "slow", "from = \"b\"") +
                  stage("b", "map", "from = \"a\"") + stage("a", "src")) == "a b | c | out");
}

}  // namespace sage::plan
