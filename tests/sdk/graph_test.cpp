// What a program's pipeline looks like as a pipeline file.
#include <sage/pipeline/environment.hpp>

#include <functional>

#include <catch2/catch.hpp>

namespace sage {
namespace {

// The text of the stage with that id.
std::string stage_of(const detail::Graph& graph, const std::string& id) {
  const std::string toml = graph.toml();
  const std::size_t begin = toml.find("id = \"" + id + "\"");
  REQUIRE(begin != std::string::npos);
  return toml.substr(begin, toml.find("[[stage]]", begin) - begin);
}

}  // namespace

TEST_CASE("pipeline: a computed key is made where its values are, and dropped there", "[sdk]") {
  detail::Graph graph("app");
  LocalEnvironment env(graph);
  env.from_source(io::GeneratorSource{}, {.parallelism = 3})
      .key_by([](const io::Generated& row) { return row.seq % 5; })
      .filter([](const io::Generated& row) { return row.value > 0; }, {.parallelism = 4})
      .sink<io::ConsoleSink>();
  CHECK(stage_of(graph, "key").find("parallelism = 3") != std::string::npos);
  CHECK(stage_of(graph, "filter").find("key_by = \"sage_key\"") != std::string::npos);
  CHECK(stage_of(graph, "fields").find("parallelism = 4") != std::string::npos);
  CHECK(stage_of(graph, "console").find("from = \"fields\"") != std::string::npos);
}

TEST_CASE("pipeline: a computed key is a stage with options of its own", "[sdk]") {
  detail::Graph graph("app");
  LocalEnvironment env(graph);
  env.from_source(io::GeneratorSource{}, {.parallelism = 3})
      .key_by([](const io::Generated& row) { return row.seq % 5; },
              {.id = "by_seq", .on_error = "skip"})
      .map([](const io::Generated& row) { return row.value; })
      .sink<io::NullSink>();
  CHECK(stage_of(graph, "by_seq").find("parallelism = 3\non_error = \"skip\"") !=
        std::string::npos);
}

TEST_CASE("pipeline: options do not change the fingerprint, stages and records do", "[sdk]") {
  const auto fingerprint = [](const StageOptions& options, bool more) {
    detail::Graph graph("app");
    LocalEnvironment env(graph);
    const auto rows = env.from_source(io::GeneratorSource{}, options);
    rows.sink<io::NullSink>();
    if (more)
      rows.map([](const io::Generated& row) { return row.key; }).sink<io::NullSink>();
    return graph.fingerprint();
  };
  const std::uint64_t plain = fingerprint({}, false);
  CHECK(fingerprint({.parallelism = 4}, false) == plain);
  CHECK(fingerprint({.id = "rows"}, false) != plain);
  CHECK(fingerprint({}, true) != plain);
}

}  // namespace sage
