#include "plan/placement.hpp"

#include "fake_operators.hpp"

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

// The executors of each chain's tasks, such as "0 1 | 0 1".
std::string executors_of(const std::string& stages, std::uint32_t cpus) {
  const FakeOperators operators;
  const Planned planned = plan_text(file(stages), operators);
  INFO(messages(planned.findings));
  REQUIRE(planned.plan);
  std::string all;
  for (const auto& chain : place_tasks(*planned.plan, cpus).executor_of) {
    all += all.empty() ? "" : " |";
    for (const std::uint32_t executor : chain)
      all += (all.empty() ? "" : " ") + std::to_string(executor);
  }
  return all;
}

std::string wide(int n) { return "parallelism = " + std::to_string(n); }

const std::string kSource = stage("a", "src");
const std::string kSink = stage("out", "sink");

}  // namespace

TEST_CASE("placement: equal instances of chains meet on one executor", "[plan]") {
  CHECK(executors_of(stage("a", "src", wide(4)) +
                         stage("b", "count", "key_by = \"line\"\n" + wide(4)) +
                         stage("out", "sink", wide(4)),
                     2) == "0 1 0 1 | 0 1 0 1");
}

TEST_CASE("placement: there are as many as CPUs, but none without a task", "[plan]") {
  const FakeOperators operators;
  const auto count = [&](const std::string& stages, std::uint32_t cpus) {
    return place_tasks(*plan_text(file(stages), operators).plan, cpus).count;
  };
  CHECK(count(kSource + kSink, 8) == 1);
  CHECK(count(stage("a", "src", wide(3)) + stage("out", "sink", wide(3)), 8) == 3);
  CHECK(count(stage("a", "src", wide(3)) + stage("out", "sink", wide(3)), 2) == 2);
  CHECK(count(stage("a", "src", wide(3)) + stage("out", "sink", wide(3)), 0) == 1);
}

TEST_CASE("placement: each instance that may block has one of its own", "[plan]") {
  CHECK(executors_of(stage("a", "src", wide(2)) + stage("b", "slow", wide(3)) +
                         stage("out", "sink", wide(2)),
                     2) == "0 1 | 2 3 4 | 0 1");
  const FakeOperators operators;
  const Planned planned = plan_text(file(kSource + stage("b", "slow") + kSink), operators);
  const Placement executors = place_tasks(*planned.plan, 1);
  CHECK(executors.shared == 1);
  CHECK(executors.count == 2);
}

TEST_CASE("placement: a narrow chain stays where it is fed, other readers go to idle executors",
          "[plan]") {
  const std::string fan_out = kSource + stage("b", "map", "from = \"a\"") +
                              stage("c", "map", "from = \"a\"") +
                              stage("out", "sink", "from = [\"b\", \"c\"]");
  CHECK(executors_of(fan_out, 2) == "0 | 0 | 1 | 0");
  CHECK(executors_of(kSource + stage("b", "map", wide(2)) + kSink, 2) == "0 | 0 1 | 0");
  CHECK(executors_of(kSource + stage("b", "map") + stage("c", "src") +
                         stage("out", "sink", "from = [\"b\", \"c\"]"),
                     2) == "0 | 1 | 0");
}

TEST_CASE("placement: a partitioner that may block has its sender on a thread of its own",
          "[plan]") {
  CHECK(executors_of(kSource + stage("out", "sink",
                                     "partition = { use = \"t/slow_part\", with = { field = "
                                     "\"line\" } }\n" +
                                         wide(2)),
                     2) == "2 | 0 1");
}

}  // namespace sage::plan
