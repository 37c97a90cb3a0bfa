#include "flow/credit.hpp"

#include <catch2/catch.hpp>

namespace sage::flow {

TEST_CASE("credit: sixteen batches may be outstanding, and no more before some are given back",
          "[flow]") {
  Credit credit;
  for (std::uint32_t i = 0; i < credit.window().batches; ++i) {
    REQUIRE(credit.admits(1));
    credit.spend(1);
  }
  CHECK_FALSE(credit.admits(1));
  credit.give_back(1);
  CHECK_FALSE(credit.admits(1));
  credit.publish();
  CHECK(credit.admits(1));
}

TEST_CASE("credit: a batch of any size is admitted while nothing is outstanding, else bytes count",
          "[flow]") {
  Credit credit;
  CHECK(credit.admits(1ull << 40));
  credit.spend(1ull << 40);
  CHECK_FALSE(credit.admits(0));
  credit.give_back(1ull << 40);
  credit.publish();
  credit.spend(1);
  CHECK(credit.admits(credit.window().bytes - 1));
  CHECK_FALSE(credit.admits(credit.window().bytes));
}

TEST_CASE("credit: a quarter of the window is worth telling", "[flow]") {
  Credit credit;
  for (std::uint32_t i = 0; i < credit.window().batches; ++i)
    credit.spend(1);
  for (std::uint32_t i = 1; i < credit.window().batches / 4; ++i) {
    credit.give_back(1);
    CHECK_FALSE(credit.worth_telling());
  }
  credit.give_back(1);
  CHECK(credit.worth_telling());
  credit.publish();
  CHECK_FALSE(credit.worth_telling());
}

TEST_CASE("credit: a sender that waits is told, once", "[flow]") {
  Credit credit;
  credit.spend(1);
  credit.give_back(1);
  CHECK_FALSE(credit.publish());
  credit.spend(1);
  credit.wait();
  CHECK_FALSE(credit.publish());  // nothing new
  credit.give_back(1);
  CHECK(credit.publish());
  credit.spend(1);
  credit.give_back(1);
  CHECK_FALSE(credit.publish());
}

}  // namespace sage::flow
