#include "flow/row_limit.hpp"

#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::flow {

TEST_CASE("row limit: threads together take just as many, and one of them says so", "[flow]") {
  std::atomic<int> told{0};
  std::atomic<std::uint64_t> taken{0};
  RowLimit limit(10'000, [&] { ++told; });
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t t = 1; t <= 4; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < 2000; ++i)
          taken += limit.take(t);
      });
    }
  }
  CHECK(taken == 10'000);
  CHECK(told == 1);
  CHECK(limit.take(1) == 0);
}

TEST_CASE("row limit: without one everything may be taken", "[flow]") {
  RowLimit limit(UINT64_MAX, [] { FAIL("told"); });
  CHECK(limit.take(UINT64_MAX) == UINT64_MAX);
  CHECK(limit.take(5) == 5);
}

}  // namespace sage::flow
