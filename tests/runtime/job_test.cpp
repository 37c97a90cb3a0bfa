#include "runtime/jobs.hpp"

#include <array>
#include <map>
#include <random>

namespace sage::runtime {

TEST_CASE("job: 3 to 1, 3 to 3, 2 to 5 and 5 to 2 to 3 lose and repeat nothing", "[runtime]") {
  const std::vector<std::vector<int>> shapes = {{3, 1}, {3, 3}, {2, 5}, {5, 2, 3}};
  for (const std::vector<int>& shape : shapes) {
    for (const std::uint32_t batch : {1u, 7u, 4096u}) {
      std::string text = numbers("n", 10'000, shape[0]);
      if (shape.size() == 3)
        text += stage("mid", "add", parallel(shape[1]));
      text += stage("end", "tally", parallel(shape.back()));
      const Outcome out = run(text, batch);
      const std::uint64_t extra = shape.size() == 3 ? 10'000 : 0;
      CHECK(out.tally("end", "count") == 10'000);
      CHECK(out.tally("end", "sum") == 49'995'000 + extra);
    }
  }
}

TEST_CASE("job: fan-out, fan-in and a diamond see every record once a path", "[runtime]") {
  const std::string text = numbers("n", 5000, 2) +
                           stage("a", "add", "from = \"n\"\nparallelism = 3") +
                           stage("b", "even", "from = \"n\"\nparallelism = 2") +
                           stage("u", "add", "from = [\"a\", \"b\"]\nparallelism = 4") +
                           stage("end", "tally", "parallelism = 1");
  for (const std::uint32_t batch : {1u, 7u, 4096u}) {
    const Outcome out = run(text, batch);
    CHECK(out.tally("end", "count") == 7500);
    CHECK(out.tally("end", "sum") == 12'497'500 + 5000 + 6'247'500 + 7500);
    CHECK(out.stage("b").filtered == 2500);
  }
}

TEST_CASE("job: behind a filter, operators see its records whether they take a selection or not",
          "[runtime]") {
  // `even` hands a selection on to `even`, `misbehave` and `tally`, and none to `add`.
  const std::string six =
      numbers("n", 10'000, 1) + stage("a", "even", "") + stage("b", "even", "with = { every = 3 }");
  const std::uint64_t count = 1667;  // 0, 6, .. 9996
  const std::uint64_t sum = 6 * (1666 * 1667 / 2);
  for (const std::uint32_t batch : {1u, 7u, 4096u}) {
    const Outcome taken = run(six + stage("end", "tally", ""), batch);
    CHECK(taken.stage("b").records_in == 5000);
    CHECK(taken.stage("b").bytes_in == 5000 * 16);
    CHECK(taken.tally("end", "count") == count);
    CHECK(taken.tally("end", "sum") == sum);
    const Outcome dense = run(six + stage("m", "add", "") + stage("end", "tally", ""), batch);
    CHECK(dense.tally("end", "count") == count);
    CHECK(dense.tally("end", "sum") == sum + count);
    // 42, 300, 558 .. are due at every = 43.
    const std::string some = "with = { every = 43, what = \"reject\" }\non_error = \"skip\"";
    const Outcome skipped =
        run(six + stage("m", "misbehave", some) + stage("end", "tally", ""), batch);
    CHECK(skipped.stage("m").skipped == 39);
    CHECK(skipped.tally("end", "sum") == sum - (39 * 42 + 258 * (38 * 39 / 2)));
    const std::string more = "with = { every = 43, copies = 100000, what = \"explode\" }";
    const Outcome resumed =
        run(six + stage("m", "misbehave", more) + stage("end", "tally", ""), batch);
    CHECK(resumed.tally("end", "count") == count - 39 + 39 * 100'000);
  }
}

TEST_CASE("job: of a selection, a row limit takes the first rows", "[runtime]") {
  JobOptions options;
  options.row_limit = 3;
  const auto prepared =
      prepare(numbers("n", 1000, 1) + stage("a", "even", "") + stage("end", "tally", ""), options);
  REQUIRE(prepared->job->run());
  const Outcome out{prepared->job->report(), std::nullopt};
  CHECK(out.tally("end", "count") == 3);
  CHECK(out.tally("end", "sum") == 0 + 2 + 4);
}

TEST_CASE("job: of a selection, a call to be tried again rejects just its rows", "[runtime]") {
  const Outcome out =
      run(numbers("n", 100, 1) + stage("a", "even", "") +
          stage("m", "misbehave", "with = { every = 43, what = \"retry\" }\non_error = \"skip\"") +
          stage("end", "tally", ""));
  CHECK_FALSE(out.error);
  CHECK(out.stage("m").skipped == 50);
}

TEST_CASE("job: a record rejected out of a selection is the one that is shown", "[runtime]") {
  const Outcome out = run(numbers("n", 100, 1) + stage("a", "even", "") +
                          stage("m", "misbehave", "with = { every = 43, what = \"reject\" }") +
                          stage("end", "tally", ""));
  REQUIRE(out.error);
  CHECK(out.error->record.find("\"n\":42,") != std::string::npos);
}

TEST_CASE("job: keyed sums are equal for every parallelism and batch size", "[runtime]") {
  std::optional<std::uint64_t> squares;
  for (const int parallelism : {1, 2, 3, 8}) {
    for (const std::uint32_t batch : {1u, 7u, 4096u}) {
      const Outcome out =
          run(numbers("n", 10'000, 3) +
                  stage("total", "total", "key_by = \"key\"\n" + parallel(parallelism)) +
                  stage("end", "tally", parallel(2)),
              batch);
      CHECK(out.tally("end", "count") == 17);
      CHECK(out.tally("end", "sum") == 49'995'000);
      if (!squares)
        squares = out.tally("end", "squares");
      CHECK(out.tally("end", "squares") == *squares);
    }
  }
}

TEST_CASE("job: rejected records are skipped, dead-lettered or end the job, and are counted",
          "[runtime]") {
  const std::string bad = "with = { every = 10, what = \"reject\" }\nparallelism = 3\n";
  const Outcome skipped =
      run(numbers("n", 1000, 2) + stage("m", "misbehave", bad + "on_error = \"skip\"") +
          stage("end", "tally", ""));
  CHECK_FALSE(skipped.error);
  CHECK(skipped.stage("m").skipped == 100);
  CHECK(skipped.tally("end", "count") == 900);

  const Outcome failed =
      run(numbers("n", 1000, 2) + stage("m", "misbehave", bad) + stage("end", "tally", ""));
  REQUIRE(failed.error);
  CHECK(failed.error->code == "E0601");
  CHECK(failed.error->stage == "m");
  CHECK(failed.error->record.find("\"n\":") != std::string::npos);
  CHECK(failed.report.state == JobState::kFailed);
}

TEST_CASE("job: a failing call, a false verdict and overlapping records name the stage",
          "[runtime]") {
  for (const std::string what : {"fail", "verdict", "overlap"}) {
    const Outcome out =
        run(numbers("n", 100, 1) +
            stage("m", "misbehave", "with = { every = 50, what = \"" + what + "\" }") +
            stage("end", "tally", ""));
    REQUIRE(out.error);
    CHECK(out.error->code == "E0602");
    CHECK(out.error->stage == "m");
  }
}

TEST_CASE("job: one record that becomes a million flows through bounded queues", "[runtime]") {
  const Outcome out =
      run(numbers("n", 10, 1) +
          stage("m", "misbehave", "with = { every = 10, copies = 1000000, what = \"explode\" }") +
          stage("end", "tally", "parallelism = 2"));
  CHECK_FALSE(out.error);
  CHECK(out.tally("end", "count") == 1'000'009);
}

TEST_CASE("job: a custom partitioner routes as told, out of range is the record's error",
          "[runtime]") {
  const std::string tail =
      "parallelism = 4\npartition = { use = \"probe/route\", with = { every = ";
  const Outcome all = run(numbers("n", 1000, 2) + stage("end", "tally", tail + "0 } }"));
  CHECK(all.tally("end", "count") == 1000);
  const Outcome some =
      run(numbers("n", 1000, 2) + stage("end", "tally", tail + "100 } }\non_error = \"skip\""));
  CHECK(some.tally("end", "count") == 990);
  CHECK(some.stage("end").skipped == 10);
  const Outcome none = run(numbers("n", 1000, 2) + stage("end", "tally", tail + "100 } }"));
  REQUIRE(none.error);
  CHECK(none.error->code == "E0601");
}

namespace {

struct Row {
  std::int64_t n;
  std::int64_t key;
};
using Rows = std::vector<Row>;

// A random graph, as stages and as a model of what each of them gives.
struct Graph {
  enum class Kind { kNumbers, kAdd, kEven, kTotal };
  struct Node {
    Kind kind = Kind::kNumbers;
    int count = 0;          // of numbers
    std::vector<int> from;  // nodes before it
    std::string edge;       // how it gets its records
    int parallelism = 1;
  };
  std::vector<Node> nodes;

  // Each of the shapes has other parallelisms.
  int parallelism(int node, int shape) const {
    return 1 + (nodes[static_cast<std::size_t>(node)].parallelism + shape) % 8;
  }
  std::string text(int shape) const;
  Rows rows(int shape) const;  // of all nodes together, as the sink gets them

 private:
  Rows rows_of(int node, int shape, const std::vector<Rows>& known) const;
};

std::string ids(const std::vector<int>& nodes) {
  std::string all;
  for (const int node : nodes)
    all += (all.empty() ? "\"s" : ", \"s") + std::to_string(node) + "\"";
  return "from = [" + all + "]\n";
}

std::string Graph::text(int shape) const {
  const std::string uses[] = {"numbers", "add", "even", "total"};
  std::string all;
  std::vector<int> every;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    const Node& node = nodes[static_cast<std::size_t>(i)];
    const std::string rest = node.kind == Kind::kNumbers
                                 ? "with = { count = " + std::to_string(node.count) + ", keys = 7 }"
                                 : ids(node.from) + node.edge;
    all += stage("s" + std::to_string(i), uses[static_cast<int>(node.kind)],
                 rest + "\n" + parallel(parallelism(i, shape)));
    every.push_back(i);
  }
  return all + stage("end", "tally", ids(every) + parallel(1 + shape));
}

Rows Graph::rows_of(int index, int shape, const std::vector<Rows>& known) const {
  const Node& node = nodes[static_cast<std::size_t>(index)];
  Rows in;
  for (const int from : node.from) {
    const Rows& more = known[static_cast<std::size_t>(from)];
    in.insert(in.end(), more.begin(), more.end());
  }
  Rows out;
  std::map<std::int64_t, std::int64_t> totals;
  for (std::int64_t n = 0; n < node.count; ++n)
    out.push_back({n, n % 7});
  const int times =
      node.edge.find("broadcast") == std::string::npos ? 1 : parallelism(index, shape);
  for (const Row& row : in) {
    if (node.kind == Kind::kTotal)
      totals[row.key] += row.n;
    if (node.kind == Kind::kAdd)
      out.insert(out.end(), static_cast<std::size_t>(times), Row{row.n + 1, row.key});
    if (node.kind == Kind::kEven && row.n % 2 == 0)
      out.insert(out.end(), static_cast<std::size_t>(times), row);
  }
  for (const auto& [key, sum] : totals)
    out.push_back({sum, key});
  return out;
}

Rows Graph::rows(int shape) const {
  std::vector<Rows> known;
  Rows all;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    known.push_back(rows_of(i, shape, known));
    all.insert(all.end(), known.back().begin(), known.back().end());
  }
  return all;
}

Graph random_graph(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::string edges[] = {"", "key_by = \"key\"", "partition = \"global\"",
                               "partition = \"broadcast\"",
                               "partition = { use = \"probe/route\" }"};
  Graph graph;
  const int nodes = 2 + pick(5);
  for (int i = 0; i < nodes; ++i) {
    Graph::Node node;
    node.parallelism = pick(5);
    if (i == 0 || pick(4) == 0) {
      node.count = pick(300);
    } else {
      node.from = {pick(i)};
      if (const int second = pick(i); second != node.from[0])
        node.from.push_back(second);
      node.kind = std::array{Graph::Kind::kAdd, Graph::Kind::kEven, Graph::Kind::kTotal}[pick(3)];
      node.edge = node.kind == Graph::Kind::kTotal ? edges[1] : edges[pick(5)];
    }
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

}  // namespace

TEST_CASE(
    "job: 200 random graphs give exactly the rows of the model in every shape, on 1 to 4 "
    "executors",
    "[runtime]") {
  const std::uint32_t seed = 20261125;
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int i = 0; i < 200; ++i) {
    const Graph graph = random_graph(random);
    int shape = 0;
    for (const std::uint32_t batch : {1u, 7u, 4096u}) {
      std::uint64_t sum = 0;
      std::uint64_t squares = 0;
      const Rows wanted = graph.rows(shape);
      for (const Row& row : wanted) {
        const auto n = static_cast<std::uint64_t>(row.n);
        sum += n;
        squares += n * n * 2654435761u + static_cast<std::uint64_t>(row.key);
      }
      const std::string text = graph.text(shape++);
      for (std::uint32_t cpus = 1; cpus <= 4; ++cpus) {
        INFO("batches of " << batch << ", " << cpus << " executors\n" << text);
        const Outcome out = run(text, batch, cpus);
        REQUIRE_FALSE(out.error);
        REQUIRE(out.tally("end", "count") == wanted.size());
        REQUIRE(out.tally("end", "sum") == sum);
        REQUIRE(out.tally("end", "squares") == squares);
      }
    }
  }
}

}  // namespace sage::runtime
