// What a task does between the tries of a call, under a clock of the test's own.
#include "flow/task.hpp"
#include "runtime/jobs.hpp"
#include "runtime/make_operator.hpp"

#include <set>

namespace sage::runtime {
namespace {

constexpr std::int64_t kMs = 1'000'000;

std::string asking(const std::string& where, const std::string& more = "") {
  return "with = { where = \"" + where + "\"" + more + " }\n";
}

// One chain of the whole pipeline, run by hand.
class Alone {
 public:
  Alone(const std::string& stages, std::uint32_t batch_records, std::uint32_t index = 0)
      : plan_(make_plan(stages)), context_{plan_, test_registry(), {}} {
    REQUIRE(plan_.chains.size() == 1);
    std::vector<flow::OperatorSpec> specs;
    for (const plan::Stage& stage : plan_.stages)
      specs.push_back(make_operator(context_, stage, index, index + 1, false).value());
    task_.emplace(std::make_unique<flow::Chain>(
                      std::move(specs), flow::TaskContext{&pool_, &clock, batch_records, nullptr}),
                  clock);
    for (std::uint32_t i = 0; i < plan_.stages.size(); ++i)
      REQUIRE(at(i).instance().open());
  }
  // Until it sleeps or is done.
  flow::Task::State run() {
    auto state = flow::Task::State::kRunning;
    while (state == flow::Task::State::kRunning)
      state = task_->run(leave_).value();
    return state;
  }
  flow::Task::Times times() const { return task_->times(); }
  flow::Operator& at(std::uint32_t i) { return task_->chain().at(i); }
  std::uint64_t retries(std::uint32_t i) { return at(i).counters().retries.get(); }
  std::uint64_t records_in(std::uint32_t i) { return at(i).counters().records_in.get(); }
  std::int64_t sleep_ns() const { return task_->wake_at_ns() - clock.now_ns(); }

  FakeClock clock;

 private:
  plan::Plan plan_;
  JobContext context_;
  flow::BatchPool pool_;
  std::optional<flow::Task> task_;
  std::atomic<bool> leave_{false};
};

}  // namespace

TEST_CASE("retry: a task sleeps through the back-off and makes no call before its end",
          "[runtime]") {
  Alone alone(numbers("n", 100, 1) +
                  stage("m", "flaky/map",
                        asking("process", ", asks = 5, every = 20") +
                            "retry = { times = 5, backoff = \"10ms\", max = \"40ms\" }") +
                  stage("end", "flaky/sink", ""),
              10);
  const std::int64_t whole[] = {10 * kMs, 20 * kMs, 40 * kMs, 40 * kMs, 40 * kMs};
  for (std::uint64_t batch = 1; batch <= 5; ++batch) {
    for (std::uint64_t i = 0; i < 5; ++i) {
      REQUIRE(alone.run() == flow::Task::State::kIdle);
      const std::uint64_t retries = 5 * (batch - 1) + i + 1;
      CHECK(alone.retries(1) == retries);
      CHECK(alone.records_in(0) == 20 * batch);  // the source waits, too
      CHECK(alone.sleep_ns() >= whole[i] / 2);
      CHECK(alone.sleep_ns() <= whole[i]);
      alone.clock.advance(alone.sleep_ns() - 1);
      REQUIRE(alone.run() == flow::Task::State::kIdle);
      CHECK(alone.retries(1) == retries);
      CHECK(alone.sleep_ns() == 1);
      alone.clock.advance(1);
    }
  }
  CHECK(alone.run() == flow::Task::State::kDone);
  CHECK(alone.records_in(2) == 102);
  // Nobody else is waited for: it is this task that limits the job.
  CHECK(alone.times().idle_ns == 0);
  CHECK(alone.times().busy_ns >= 25 * 10 * kMs / 2);
}

TEST_CASE("retry: operators behind the one that waits go on, those before it do not", "[runtime]") {
  const std::string late = "retry = { times = 1, backoff = \"1h\", max = \"1h\" }";
  Alone alone(numbers("n", 100, 1) +
                  stage("a", "flaky/map", asking("process", ", asks = 1, every = 20") + late) +
                  stage("b", "flaky/map",
                        asking("process", ", asks = 1, every = 10") +
                            "retry = { times = 1, backoff = \"1ms\" }") +
                  stage("end", "flaky/sink", ""),
              10);
  REQUIRE(alone.run() == flow::Task::State::kIdle);
  CHECK(alone.retries(2) == 1);  // `b` has the first ten, and waits a millisecond
  CHECK(alone.sleep_ns() <= kMs);
  CHECK(alone.records_in(0) == 10);
  alone.clock.advance(kMs);
  REQUIRE(alone.run() == flow::Task::State::kIdle);
  CHECK(alone.records_in(3) == 10);
  CHECK(alone.retries(1) == 1);  // `a` has the next ten
  CHECK(alone.records_in(0) == 20);
  CHECK(alone.sleep_ns() > 1000 * kMs);
}

TEST_CASE("retry: a source that waits for its next try is not polled", "[runtime]") {
  Alone alone(stage("n", "flaky/source",
                    asking("poll", ", asks = 1, every = 20") +
                        "retry = { times = 1, backoff = \"10ms\" }") +
                  stage("end", "flaky/sink", ""),
              10);
  for (int i = 1; i <= 5; ++i) {
    REQUIRE(alone.run() == flow::Task::State::kIdle);
    CHECK(alone.records_in(1) == static_cast<std::uint64_t>(20 * i - 10));
    CHECK(alone.sleep_ns() >= 5 * kMs);
    alone.clock.advance(alone.sleep_ns());
  }
  CHECK(alone.run() == flow::Task::State::kDone);
  CHECK(alone.records_in(1) == 100);
}

TEST_CASE("retry: a source that is idle does not hold up the next try", "[runtime]") {
  Alone alone(
      stage("n", "flaky/source", asking("idle")) +
          stage("m", "flaky/map", asking("process") + "retry = { times = 3, backoff = \"1ms\" }") +
          stage("end", "flaky/sink", ""),
      10);
  for (std::uint64_t i = 1; i <= 3; ++i) {
    REQUIRE(alone.run() == flow::Task::State::kIdle);
    CHECK(alone.retries(1) == i);
    CHECK(alone.sleep_ns() <= kMs);
    alone.clock.advance(alone.sleep_ns());
  }
}

TEST_CASE("retry: instances that failed together do not come back together", "[runtime]") {
  std::set<std::int64_t> sleeps;
  for (std::uint32_t index = 0; index < 20; ++index) {
    Alone alone(stage("n", "flaky/source",
                      asking("poll") + "retry = { times = 3, backoff = \"1h\", max = \"1h\" }\n") +
                    stage("end", "flaky/sink", ""),
                10, index);
    REQUIRE(alone.run() == flow::Task::State::kIdle);
    sleeps.insert(alone.sleep_ns());
  }
  CHECK(sleeps.size() == 20);
}

}  // namespace sage::runtime
