#include "flow/backoff.hpp"

#include <set>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::flow {
namespace {

std::vector<std::int64_t> waits(Backoff backoff) {
  std::vector<std::int64_t> all;
  while (const auto wait = backoff.next_ns())
    all.push_back(*wait);
  return all;
}

}  // namespace

TEST_CASE("backoff: waits double up to the most, each between half of that and all of it",
          "[flow]") {
  std::set<std::int64_t> firsts;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    const std::vector<std::int64_t> all = waits(Backoff({6, 1000, 5000}, seed));
    REQUIRE(all.size() == 6);
    const std::int64_t whole[] = {1000, 2000, 4000, 5000, 5000, 5000};
    for (std::size_t i = 0; i < all.size(); ++i) {
      CHECK(all[i] >= whole[i] / 2);
      CHECK(all[i] <= whole[i]);
    }
    firsts.insert(all[0]);
  }
  CHECK(firsts.size() > 300);
  CHECK(*firsts.begin() < 520);
  CHECK(*firsts.rbegin() > 980);
}

TEST_CASE("backoff: equal seeds give equal waits, others do not", "[flow]") {
  CHECK(waits(Backoff({20, 1000, 1000}, 7)) == waits(Backoff({20, 1000, 1000}, 7)));
  CHECK(waits(Backoff({20, 1000, 1000}, 7)) != waits(Backoff({20, 1000, 1000}, 8)));
}

TEST_CASE("backoff: a call that succeeds gives the next one every try", "[flow]") {
  Backoff backoff({2, 1000, 8000}, 1);
  REQUIRE(backoff.next_ns());
  REQUIRE(backoff.next_ns());
  CHECK(backoff.used() == 2);
  CHECK_FALSE(backoff.next_ns());
  backoff.reset();
  CHECK(backoff.next_ns().value() <= 1000);
}

TEST_CASE("backoff: without times there is no other try, without a back-off no wait", "[flow]") {
  CHECK(waits(Backoff({0, 1000, 1000}, 1)).empty());
  CHECK(waits(Backoff({3, 0, 0}, 1)) == std::vector<std::int64_t>{0, 0, 0});
  const std::int64_t longest = INT64_MAX;
  Backoff backoff({100, longest / 2 + 1, longest}, 1);
  backoff.next_ns();
  CHECK(backoff.next_ns().value() >= longest / 2);
}

}  // namespace sage::flow
