#include "plan/graph_text.hpp"

#include "fake_operators.hpp"

#include <sage/plugin.h>

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

const std::string kWords = "sage = 1\n[pipeline]\nname = \"words\"\n" + stage("lines", "src") +
                           stage("split", "words",
                                 "on_error = \"dead_letter\"\n"
                                 "retry = { times = 3, backoff = \"100ms\" }") +
                           stage("count", "count", "key_by = \"word\"\nparallelism = 2") +
                           stage("out", "sink") + stage("bad", "sink", "from = \"split.errors\"");

Plan plan_of(const std::string& text, const FakeOperators& operators) {
  Planned planned = plan_text(text, operators);
  INFO(messages(planned.findings));
  REQUIRE(planned.plan);
  return std::move(*planned.plan);
}

// Options of the types that are written in another way than they are held.
void add_options(FakeOperators& operators) {
  operators.add("opts", SAGE_KIND_MAP).options = {
      {.name = "every", .type = SAGE_OPT_DURATION, .default_value = "\"1500ns\""},
      {.name = "size", .type = SAGE_OPT_BYTES, .default_value = "\"1KiB\""},
      {.name = "rate", .type = SAGE_OPT_FLOAT, .default_value = "2"},
      {.name = "text", .type = SAGE_OPT_TEXT},
      {.name = "pass", .type = SAGE_OPT_TEXT, .flags = SAGE_OPT_SECRET},
      {.name = "any", .type = SAGE_OPT_ANY}};
}

}  // namespace

TEST_CASE("graph_text: chains, stages, edges and schemas are shown", "[plan]") {
  const FakeOperators operators;
  CHECK(graph_text(plan_of(kWords, operators)) ==
        R"(words: 5 stages, 4 chains, 5 tasks, 128 key groups

chain 0, 1 instance
  lines  t/src
    -> {line: text}
  split  t/words, dead letters, tries again 3 times
    <- lines, forward, in place
    -> {word: text}

chain 1, 2 instances
  count  t/count
    <- split, hash(word), 2 channels
    -> {word: text, count: int64}

chain 2, 1 instance
  out  t/sink
    <- count, rebalance, 2 channels

chain 3, 1 instance
  bad  t/sink
    <- split.errors, forward, 1 channel
)");
}

TEST_CASE("graph_text: dot has a frame for each chain and an arrow for each edge", "[plan]") {
  const FakeOperators operators;
  const std::string dot = graph_dot(plan_of(kWords, operators));
  CHECK_THAT(dot, Catch::StartsWith("digraph \"words\" {"));
  CHECK_THAT(dot, Catch::Contains("subgraph cluster_3 {"));
  CHECK_THAT(dot, Catch::Contains("s0 [label=\"lines\\nt/src\"];"));
  CHECK_THAT(dot, Catch::Contains("s0 -> s1 [label=\"forward\", style=bold];"));
  CHECK_THAT(dot, Catch::Contains("s1 -> s4 [label=\"errors: forward\"];"));
  CHECK_THAT(dot, Catch::EndsWith("}\n"));
}

TEST_CASE("graph_text: mermaid has a frame for each chain and an arrow for each edge", "[plan]") {
  const FakeOperators operators;
  const std::string mermaid = graph_mermaid(plan_of(kWords, operators));
  CHECK_THAT(mermaid, Catch::StartsWith("flowchart LR\n"));
  CHECK_THAT(mermaid, Catch::Contains("subgraph chain1[\"chain 1, 2 instances\"]"));
  CHECK_THAT(mermaid, Catch::Contains("s1 -->|\"hash(word)\"| s2"));
  CHECK_THAT(mermaid, Catch::Contains("s0 ==>|\"forward\"| s1"));
}

TEST_CASE("graph_text: the normalised file has everything written out", "[plan]") {
  const FakeOperators operators;
  const std::string toml = graph_toml(plan_of(kWords, operators));
  CHECK_THAT(toml, Catch::StartsWith("sage = 1\n\n[pipeline]\nname = \"words\"\n"));
  CHECK_THAT(toml, Catch::Contains(R"([[stage]]
id = "count"
use = "t/count"
from = "split"
parallelism = 2
key_by = "word"
)"));
  CHECK_THAT(toml, Catch::Contains("partition = \"rebalance\"\n"));
  CHECK_THAT(toml, Catch::Contains("from = \"split.errors\"\n"));
  CHECK_THAT(toml,
             Catch::Contains("retry = { times = 3, backoff = \"100ms\", max = \"100ms\" }\n"));
}

TEST_CASE("graph_text: the normalised file makes the same plan", "[plan]") {
  FakeOperators operators;
  add_options(operators);
  const std::string text =
      kWords +
      stage("o", "opts",
            "from = [\"lines\", \"lines\"]\nwith = { text = \"a\\\"\\\\\\n$${X}é\", any = "
            "[1, 2.0, { \"a b\" = true, c = {} }] }") +
      stage("custom", "sink",
            "parallelism = 2\npartition = { use = \"t/part\", with = { field = \"line\" } }");
  const Plan plan = plan_of(text, operators);
  const std::string toml = graph_toml(plan);
  INFO(toml);
  const Plan again = plan_of(toml, operators);
  CHECK(graph_text(again) == graph_text(plan));
  CHECK(graph_toml(again) == toml);
  CHECK_THAT(toml, Catch::Contains("every = \"1500ns\", size = 1024, rate = 2.0"));
}

TEST_CASE("graph_text: the normalised file keeps what stages ask of a machine", "[plan]") {
  const FakeOperators operators;
  const auto line = [&](const std::string& resources) {
    const std::string toml = graph_toml(plan_of(
        file(stage("a", "src") + stage("out", "sink", "resources = " + resources)), operators));
    CHECK(graph_toml(plan_of(toml, operators)) == toml);
    const std::size_t at = toml.find("resources = ");
    return at == std::string::npos ? "" : toml.substr(at, toml.find('\n', at) - at);
  };
  CHECK(line(R"({ num_cpus = 0.5, memory = "2GiB", num_gpus = 1 })") ==
        R"(resources = { num_cpus = 0.5, memory = "2147483648", num_gpus = 1 })");
  CHECK(line(R"({ num_cpus = 2 })") == "resources = { num_cpus = 2.0 }");
  CHECK(line("{}") == "resources = {}");
}

TEST_CASE("graph_text: secrets are not shown, references to them are", "[plan]") {
  FakeOperators operators;
  add_options(operators);
  const auto with = [&](const std::string& pass) {
    return graph_toml(
        plan_of(file(stage("a", "src") + stage("o", "opts", "with = { pass = \"" + pass + "\" }") +
                     stage("out", "sink")),
                operators));
  };
  CHECK_THAT(with("hunter2"), !Catch::Contains("hunter2"));
  CHECK_THAT(with("${cred:db}"), Catch::Contains("pass = \"${cred:db}\""));
}

}  // namespace sage::plan
