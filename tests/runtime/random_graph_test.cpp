#include "runtime/random_graph.hpp"

#include "runtime/jobs.hpp"

namespace sage::runtime {

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
