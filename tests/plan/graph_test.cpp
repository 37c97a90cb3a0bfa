#include "fake_operators.hpp"

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

std::string findings_of(const std::string& stages) {
  const FakeOperators operators;
  return found(plan_text(file(stages), operators).findings);
}

std::string words_of(const std::string& stages) {
  const FakeOperators operators;
  return messages(plan_text(file(stages), operators).findings);
}

const std::string kSource = stage("a", "src");  // lines 2 to 4
const std::string kSink = stage("out", "sink");

}  // namespace

TEST_CASE("graph: without from a stage reads the one above it", "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_text(file(kSource + stage("b", "map") + kSink), operators);
  REQUIRE(planned.plan);
  CHECK(edges(*planned.plan) == "a>b forward fused, b>out forward fused");
}

TEST_CASE("graph: a name that no stage has is suggested (E0201)", "[plan]") {
  const std::string text = stage("lines", "src") + stage("out", "sink", "from = \"lnes\"");
  CHECK(findings_of(text) == "E0201 8:8");
  CHECK_THAT(words_of(text), Catch::Contains("did you mean `lines`? known: lines, out"));
}

TEST_CASE("graph: an output that a stage does not have (E0202)", "[plan]") {
  const std::string text =
      kSource + stage("b", "branch") + stage("c", "sink", "from = [\"b\", \"b.od\"]");
  CHECK(findings_of(text) == "E0202 11:14");
  CHECK_THAT(words_of(text), Catch::Contains("did you mean `odd`? known: even, odd, errors"));
}

TEST_CASE("graph: a cycle is found and its stages are named (E0203)", "[plan]") {
  const std::string text = kSource + stage("b", "map", "from = [\"a\", \"d\"]") +
                           stage("c", "map") + stage("d", "map") + kSink;
  CHECK(findings_of(text) == "E0203 8:14");
  CHECK_THAT(words_of(text), Catch::Contains("cycle: b -> c -> d -> b"));
}

TEST_CASE("graph: two cycles are two findings, what lies behind them is quiet (E0203)", "[plan]") {
  const std::string text = kSource + stage("b", "map", "from = \"b\"") +
                           stage("c", "map", "from = [\"a\", \"d\"]") + stage("d", "map") +
                           stage("out", "sink", "from = [\"b\", \"d\"]");
  CHECK(findings_of(text) == "E0203 8:8, E0203 12:14");
}

TEST_CASE("graph: a source takes no input (E0204)", "[plan]") {
  CHECK(findings_of(kSource + stage("b", "src", "from = \"a\"") + kSink) == "E0204 8:8");
  CHECK(findings_of(stage("a", "src", "key_by = \"line\"") + kSink) == "E0204 5:10");
  CHECK(findings_of(stage("a", "src", "partition = \"global\"") + kSink) == "E0204 5:13");
}

TEST_CASE("graph: a pipeline begins with a source (E0205)", "[plan]") {
  CHECK(findings_of(stage("a", "map") + kSink) == "E0205 3:6");
}

TEST_CASE("graph: nothing reads from a sink (E0206)", "[plan]") {
  CHECK(findings_of(kSource + kSink + stage("z", "sink")) == "E0206 9:6");
  CHECK(findings_of(kSource + kSink + stage("z", "sink", "from = \"out\"")) == "E0206 11:8");
}

TEST_CASE("graph: an output that nobody reads (E0207)", "[plan]") {
  CHECK(findings_of(kSource) == "E0207 3:6");
  CHECK(findings_of(kSource + stage("b", "map") + stage("c", "sink", "from = \"a\"")) ==
        "E0207 6:6");
  const std::string half = kSource + stage("b", "branch") + kSink;
  CHECK(findings_of(half) == "E0207 6:6");
  CHECK_THAT(words_of(half), Catch::Contains("output `odd` of `b`"));
}

TEST_CASE("graph: dead letters that nobody reads (E0208)", "[plan]") {
  CHECK(findings_of(stage("a", "src", "on_error = \"dead_letter\"") + kSink) == "E0208 5:12");
}

TEST_CASE("graph: dead letters that do not exist (E0209)", "[plan]") {
  CHECK(findings_of(kSource + kSink + stage("z", "sink", "from = \"a.errors\"")) == "E0209 11:8");
}

TEST_CASE("graph: dead letters flow with their own schema, also from a sink", "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_text(file(kSource + stage("out", "sink", "on_error = \"dead_letter\"") +
                     stage("bad", "sink", "from = \"out.errors\"")),
                operators);
  REQUIRE(planned.plan);
  CHECK(planned.plan->stages[1].errors_read);
  CHECK_FALSE(planned.plan->stages[0].errors_read);
  CHECK(planned.plan->stages[2].inputs[0] == error_schema());
  CHECK(edges(*planned.plan) == "a>out forward fused, out>bad forward");
  CHECK(planned.plan->edges[1].port == kErrorPort);
}

TEST_CASE("graph: a join takes as many inputs as it has (E0210)", "[plan]") {
  CHECK(findings_of(kSource + stage("j", "join") + kSink) == "E0210 6:6");
  const std::string three = kSource + stage("j", "join", "from = [\"a\", \"a\", \"a\"]") + kSink;
  CHECK(findings_of(three) == "E0210 8:19");
  CHECK_THAT(words_of(three), Catch::Contains("left, right"));
}

TEST_CASE("graph: the inputs of a join are in the order of from", "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_text(file(stage("a", "src") + stage("b", "rows") +
                     stage("j", "join", "from = [\"b\", \"a\"]\nkey_by = \"line\"") + kSink),
                operators);
  REQUIRE(planned.plan);
  const Plan& plan = *planned.plan;
  CHECK(plan.stages[2].inputs == std::vector{plan.stages[1].outputs[0], plan.stages[0].outputs[0]});
  CHECK(edges(plan) == "b>j hash, a>j hash, j>out forward fused");
  CHECK(plan.edges[1].input == 1);
}

TEST_CASE("graph: two stages of one id (E0220)", "[plan]") {
  const std::string text = kSource + stage("a", "map") + kSink;
  CHECK(findings_of(text) == "E0220 6:6");
  CHECK_THAT(words_of(text), Catch::Contains("line 3"));
}

TEST_CASE("graph: partitioners and operators keep to their places (E0221)", "[plan]") {
  CHECK(findings_of(kSource + stage("b", "part", "with = { field = \"line\" }") + kSink) ==
        "E0221 7:7");
  CHECK(findings_of(kSource + stage("out", "sink", "partition = { use = \"t/map\" }")) ==
        "E0221 8:21");
}

TEST_CASE("graph: a file without stages (E0222)", "[plan]") {
  const FakeOperators operators;
  spec::Pipeline empty;
  empty.file = "p.toml";
  Diagnostics findings;
  CHECK_FALSE(make_plan(empty, operators.operators(), findings));
  CHECK(found(findings) == "E0222 1:1");
}

TEST_CASE("graph: an operator of an unknown kind (E0223)", "[plan]") {
  CHECK(findings_of(kSource + stage("b", "strange") + kSink) == "E0223 7:7");
}

TEST_CASE("graph: an unknown operator is one finding, not many", "[plan]") {
  CHECK(findings_of(kSource + stage("b", "nosuch") + stage("c", "words") + kSink) == "E0302 7:7");
  CHECK(findings_of(stage("a", "nosuch") + kSink) == "E0302 4:7");
  CHECK(findings_of(kSource + stage("b", "nosuch")) == "E0302 7:7");
}

TEST_CASE("graph: a stage that reads a stream twice is warned (W0203)", "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_text(file(kSource + stage("out", "sink", "from = [\"a\", \"a\"]")), operators);
  CHECK(found(planned.findings) == "W0203 8:14");
  REQUIRE(planned.plan);
  CHECK(edges(*planned.plan) == "a>out forward, a>out forward");
}

}  // namespace sage::plan
