#include "fake_operators.hpp"

#include <sage/plugin.h>

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

const std::string kRows = stage("a", "rows");  // lines 2 to 4
const std::string kSink = stage("out", "sink");

}  // namespace

TEST_CASE("schemas: what flows out is what the operator says, its port, or what flows in",
          "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_text(file(stage("a", "src") + stage("b", "map") + stage("c", "words") +
                     stage("d", "count", "key_by = \"word\"") + kSink),
                operators);
  REQUIRE(planned.plan);
  const std::vector<Stage>& stages = planned.plan->stages;
  CHECK(stages[1].outputs[0] == stages[0].outputs[0]);
  CHECK(stages[2].outputs[0]->text() == "{word: text}");
  CHECK(stages[3].outputs[0]->text() == "{word: text, count: int64}");
  CHECK(stages[3].keys == std::vector<std::uint32_t>{0});
  CHECK(stages[4].inputs[0] == stages[3].outputs[0]);
  CHECK(stages[4].outputs.empty());
}

TEST_CASE("schemas: a union of different fields (E0211)", "[plan]") {
  const std::string text =
      stage("a", "src") + stage("b", "rows") + stage("out", "sink", "from = [\"a\", \"b\"]");
  CHECK(findings_of(text) == "E0211 11:14");
  CHECK_THAT(words_of(text), Catch::Contains("field 2 is nothing in one and `n: int64`"));
}

TEST_CASE("schemas: a union of equal fields has several edges into input 0", "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_text(
      file(stage("a", "src") + stage("b", "src") + stage("out", "sink", "from = [\"a\", \"b\"]")),
      operators);
  REQUIRE(planned.plan);
  CHECK(edges(*planned.plan) == "a>out forward, b>out forward");
  CHECK(planned.plan->stages[2].inputs.size() == 1);
  CHECK(planned.plan->edges[1].input == 0);
}

TEST_CASE("schemas: key_by of an unknown field (E0212)", "[plan]") {
  const std::string text = kRows + stage("b", "count", "key_by = [\"n\", \"lne\"]") + kSink;
  CHECK(findings_of(text) == "E0212 8:16");
  CHECK_THAT(words_of(text), Catch::Contains("did you mean `line`? known: line, n, tags"));
}

TEST_CASE("schemas: the keys of a join have one type (E0212)", "[plan]") {
  FakeOperators operators;
  operators.add("texts", SAGE_KIND_SOURCE).outputs[0].fields = {{"n", Type::kText}};
  const Planned planned =
      plan_text(file(kRows + stage("b", "texts") +
                     stage("j", "join", "from = [\"a\", \"b\"]\nkey_by = \"n\"") + kSink),
                operators);
  CHECK(found(planned.findings) == "E0212 12:10");
  CHECK_THAT(messages(planned.findings), Catch::Contains("int64 in one input and text in another"));
  const Planned missing =
      plan_text(file(kRows + stage("b", "texts") +
                     stage("j", "join", "from = [\"a\", \"b\"]\nkey_by = \"line\"") + kSink),
                operators);
  CHECK(found(missing.findings) == "E0212 12:10");
  CHECK_THAT(messages(missing.findings), Catch::Contains("no field of the input 2"));
}

TEST_CASE("schemas: a list is no key (E0213)", "[plan]") {
  CHECK(findings_of(kRows + stage("b", "count", "key_by = \"tags\"") + kSink) == "E0213 8:10");
}

TEST_CASE("schemas: key_by beside partition (E0214)", "[plan]") {
  CHECK(findings_of(kRows + stage("b", "map", "key_by = \"n\"\npartition = \"global\"") + kSink) ==
        "E0214 9:13");
}

TEST_CASE("schemas: an operator that needs key_by (E0218)", "[plan]") {
  CHECK(findings_of(kRows + stage("b", "keyed") + kSink) == "E0218 6:6");
}

TEST_CASE("schemas: the fields that a port demands (E0219)", "[plan]") {
  const std::string lacks = stage("a", "src") + stage("b", "words") + stage("c", "words") + kSink;
  CHECK(findings_of(lacks) == "E0219 10:7");
  CHECK_THAT(words_of(lacks), Catch::Contains("needs a field `line: text`"));
  FakeOperators operators;
  operators.add("numbers", SAGE_KIND_SOURCE).outputs[0].fields = {{"line", Type::kInt64}};
  const Planned planned =
      plan_text(file(stage("a", "numbers") + stage("b", "words") + kSink), operators);
  CHECK(found(planned.findings) == "E0219 7:7");
  CHECK_THAT(messages(planned.findings), Catch::Contains("in its input it is int64"));
}

TEST_CASE("schemas: what an operator refuses is shown at the option (E0407)", "[plan]") {
  const std::string text =
      kRows + stage("b", "refuse", "with = { set = { long = \"x > 1\" } }") + kSink;
  CHECK(findings_of(text) == "E0407 8:25, E0407 7:7");
  CHECK_THAT(words_of(text), Catch::Contains("option `set.long`: `x` is no field [fields: line]"));
  CHECK(findings_of(stage("a", "vague") + kSink) == "E0407 4:7");
}

TEST_CASE("schemas: one mistake is one finding, later stages are not asked", "[plan]") {
  const FakeOperators operators;
  const Planned planned = plan_text(
      file(kRows + stage("b", "count", "key_by = \"nope\"") + stage("c", "words") + kSink),
      operators);
  CHECK(found(planned.findings) == "E0212 8:10");
  CHECK(operators.questions() == 1);
}

TEST_CASE("schemas: options behind a mistake are still checked", "[plan]") {
  CHECK(findings_of(kRows + stage("b", "count", "key_by = \"nope\"") +
                    stage("c", "refuse", "with = { st = {} }") + kSink) ==
        "E0212 8:10, E0107 12:10");
}

TEST_CASE("schemas: an operator that cannot be asked is placed at its use", "[plan]") {
  const FakeOperators fake;
  OperatorResolver operators = fake.operators();
  operators.resolve = [](const spec::Use&,
                         const schema::ResolveQuery&) -> Result<schema::Resolution> {
    return Error{ErrorKind::kInvalid, "E0315", "cannot be loaded", "", std::nullopt};
  };
  const spec::Parsed parsed = spec::parse_pipeline(file(kRows + kSink), "p.toml", {});
  Diagnostics findings;
  CHECK_FALSE(make_plan(parsed.pipeline, operators, findings));
  CHECK(found(findings) == "E0315 4:7");
}

TEST_CASE("schemas: a stream is bounded where all its sources are", "[plan]") {
  const FakeOperators operators;
  const Planned planned =
      plan_text(file(stage("a", "src") + stage("b", "live") + stage("c", "map", "from = \"a\"") +
                     stage("d", "map", "from = [\"a\", \"b\"]") +
                     stage("out", "sink", "from = [\"c\", \"d\"]")),
                operators);
  REQUIRE(planned.plan);
  std::string bounded;
  for (const Stage& stage : planned.plan->stages)
    bounded += stage.bounded ? '1' : '0';
  CHECK(bounded == "10100");
}

TEST_CASE("schemas: errors found before there is a plan keep it from being made", "[plan]") {
  const FakeOperators operators;
  const spec::Parsed parsed = spec::parse_pipeline(file(kRows + kSink), "p.toml", {});
  Diagnostics findings = {Error{ErrorKind::kInvalid, "E0101", "earlier", "", std::nullopt}};
  CHECK_FALSE(make_plan(parsed.pipeline, operators.operators(), findings));
  CHECK(findings.size() == 1);
}

}  // namespace sage::plan
