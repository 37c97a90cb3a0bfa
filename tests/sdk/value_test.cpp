// What a program describes, as the text of a pipeline file.
#include <sage/pipeline/environment.hpp>

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using namespace sage::literals;
using sage::Value;

std::string described(void (*describe)(sage::LocalEnvironment&)) {
  sage::detail::Graph graph("app");
  sage::LocalEnvironment env(graph);
  describe(env);
  return graph.toml();
}
std::uint64_t fingerprint(void (*describe)(sage::LocalEnvironment&)) {
  sage::detail::Graph graph("app");
  sage::LocalEnvironment env(graph);
  describe(env);
  return graph.fingerprint();
}

struct Word {
  std::string word;
};
SAGE_RECORD(Word, word);
struct Page {
  std::string word;
  std::int64_t n;
};
SAGE_RECORD(Page, word, n);

}  // namespace

TEST_CASE("values are written as TOML", "[sdk]") {
  CHECK(Value("plain").toml() == R"("plain")");
  CHECK(Value("a\"b\\c\n\x7f\x01").toml() == R"("a\"b\\c\u000A\u007F\u0001")");
  CHECK(Value(true).toml() == "true");
  CHECK(Value(7).toml() == "7");
  CHECK(Value(std::numeric_limits<std::int64_t>::min()).toml() == "-9223372036854775808");
  CHECK(Value(2.0).toml() == "2.0");
  CHECK(Value(0.1).toml() == "0.1");
  CHECK(Value(1e300).toml().find('e') != std::string::npos);
  CHECK(Value(HUGE_VAL).toml() == "inf");
  CHECK(Value(std::vector<std::string>{"a", "b"}).toml() == R"(["a", "b"])");
  CHECK(Value(std::vector<std::string>{}).toml() == "[]");
  CHECK(Value(std::vector<std::string_view>{"a"}).toml() == R"(["a"])");
  CHECK(Value(std::vector<double>{1, 0.5}).toml() == "[1.0, 0.5]");
  CHECK(Value(std::string_view("view")).toml() == R"("view")");
  CHECK_FALSE(std::is_constructible_v<Value, int*>);
  const sage::Values with = {{"keep", {"id", "text"}}, {"one", {"id"}}, {"table", {{"a", "b"}}}};
  CHECK(with[0].second.toml() == R"(["id", "text"])");
  CHECK(with[1].second.toml() == R"(["id"])");
  CHECK(with[2].second.toml() == R"({ a = "b" })");
  CHECK(Value({{"a-b", 1}, {"c d", {{"", false}}}}).toml() ==
        R"({ a-b = 1, "c d" = { "" = false } })");
}

TEST_CASE("every option of a stage is in the text", "[sdk]") {
  CHECK(described([](sage::LocalEnvironment& env) {
          env.use<Word>("io/file", {{"path", "in/"}}, {.id = "in"})
              .key_by(&Word::word)
              .use<Page>("agg/count", {},
                         {.parallelism = 3,
                          .resources = {.num_cpus = 0.5, .memory = 8_GB, .num_gpus = 2},
                          .on_error = "skip",
                          .batch = {.max = 64, .linger = 20ms}})
              .sink<sage::io::NullSink>(
                  {.resources = {.memory = "512MiB"}, .batch = {.linger = 1ms}});
        }) == R"(sage = 1

[pipeline]
name = "app"

[[stage]]
id = "in"
use = "io/file"
with = { path = "in/" }

[[stage]]
id = "count"
use = "agg/count"
from = "in"
key_by = "word"
parallelism = 3
resources = { num_cpus = 0.5, memory = "8GB", num_gpus = 2 }
on_error = "skip"
batch = { max = 64, linger = "20000000ns" }

[[stage]]
id = "null"
use = "io/null"
from = "count"
resources = { memory = "512MiB" }
batch = { linger = "1000000ns" }
)");
}

TEST_CASE("the configuration of a pipeline is in the text", "[sdk]") {
  CHECK(described([](sage::LocalEnvironment& env) {
          env.configure({.name = "big",
                         .parallelism = 4,
                         .max_parallelism = 256,
                         .cluster = {.address = "sage://h:10001", .num_cpus = 16, .num_gpus = 4}});
        }) == R"(sage = 1

[pipeline]
name = "big"
parallelism = 4
max_parallelism = 256

[cluster]
address = "sage://h:10001"
num_cpus = 16.0
num_gpus = 4
)");
}

TEST_CASE("stages without an id are named after what they are", "[sdk]") {
  const std::string text = described([](sage::LocalEnvironment& env) {
    const auto same = [](const Word& word) { return word; };
    const auto words = env.use<Word>("io/stdin").map(same).map(same, {.id = "map-3"}).map(same);
    words.map(same).union_with(words).sink<sage::io::NullSink>();
  });
  for (const char* line :
       {"id = \"stdin\"\n", "id = \"map\"\n", "id = \"map-2\"\n", "id = \"map-3\"\n",
        "id = \"map-4\"\n", "use = \"app/map-4\"\n", "from = [\"map-4\", \"map-2\"]\n"}) {
    CAPTURE(line);
    CHECK(text.find(line) != std::string::npos);
  }
}

TEST_CASE("the fingerprint is that of stages and records, not of options", "[sdk]") {
  const auto one = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Word>("io/file", {{"path", "a"}}).sink<sage::io::NullSink>();
  });
  const auto other_option = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Word>("io/file", {{"path", "b"}}, {.parallelism = 2}).sink<sage::io::NullSink>();
  });
  const auto other_record = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Page>("io/file", {{"path", "a"}}).sink<sage::io::NullSink>();
  });
  const auto other_id = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Word>("io/file", {{"path", "a"}}, {.id = "b"}).sink<sage::io::NullSink>();
  });
  const auto other_last_id = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Word>("io/file", {{"path", "a"}}).sink<sage::io::NullSink>({.id = "b"});
  });
  const auto keyed = fingerprint([](sage::LocalEnvironment& env) {
    env.use<Word>("io/file", {{"path", "a"}}).key_by(&Word::word).sink<sage::io::NullSink>();
  });
  CHECK(one == other_option);
  CHECK(one != other_record);
  CHECK(one != other_id);
  CHECK(one != other_last_id);
  CHECK(one != keyed);
}
