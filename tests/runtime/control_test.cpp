// A running job as another thread sees it: looked at, stopped, cancelled, warned of.
#include "runtime/jobs.hpp"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sage::runtime {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

std::string endless() {
  return numbers("n", 2'000'000'000, 2) + stage("m", "add", parallel(3)) +
         stage("total", "total", "key_by = \"key\"\n" + parallel(2)) +
         stage("end", "tally", parallel(1));
}

void wait_for_records(const Job& job) {
  while (job.report().source_records() == 0)
    std::this_thread::yield();
}

class Log {
 public:
  plugin::LogSink sink() {
    return [this](std::uint32_t, std::string_view stage, std::uint32_t subtask,
                  std::string_view message) {
      const std::lock_guard lock(mutex_);
      lines_.push_back(std::string(stage) + "/" + std::to_string(subtask) + ": " +
                       std::string(message));
    };
  }
  std::vector<std::string> lines() {
    const std::lock_guard lock(mutex_);
    return lines_;
  }

 private:
  std::mutex mutex_;
  std::vector<std::string> lines_;
};

}  // namespace

TEST_CASE("control: a job that is stopped finishes what is in flight", "[runtime]") {
  const auto prepared = prepare(endless(), {});
  Running running(*prepared->job);
  wait_for_records(*prepared->job);
  CHECK(prepared->job->report().state == JobState::kRunning);
  prepared->job->stop();
  REQUIRE(running.join());
  const Report report = prepared->job->report();
  CHECK(report.state == JobState::kStopped);
  CHECK(report.stages[1].total.records_in == report.source_records());
  CHECK(report.sink_records() == 17);
  CHECK(check_accounts(report));
}

TEST_CASE("control: a barrier goes from every source through every instance, once", "[runtime]") {
  JobOptions options;
  options.cpus = 2;
  const auto prepared = prepare(endless(), options);
  Running running(*prepared->job);
  const auto all_passed = [&](std::uint64_t barriers) {
    for (const StageReport& stage : prepared->job->report().stages) {
      for (const InstanceReport& instance : stage.instances) {
        if (instance.barriers < barriers)
          return false;
      }
    }
    return true;
  };
  for (std::uint64_t n = 1; n <= 5; ++n) {
    prepared->job->begin_epoch(10 * n);
    while (!all_passed(n))
      std::this_thread::yield();
  }
  prepared->job->stop();
  REQUIRE(running.join());
  for (const StageReport& stage : prepared->job->report().stages)
    CHECK(stage.total.barriers == 5 * stage.instances.size());
}

TEST_CASE("control: barriers that follow each other at once pass every instance, and block nobody",
          "[runtime]") {
  // `end` has the barrier of `n` at once, and that of `a`, which waits for both `n`, later.
  const std::string text = numbers("n", 2'000'000'000, 2) +
                           stage("a", "add", "from = \"n\"\nkey_by = \"key\"\n" + parallel(2)) +
                           stage("end", "tally", "from = [\"n\", \"a\"]\n" + parallel(2));
  for (int run = 0; run < 40; ++run) {
    JobOptions options;
    options.cpus = 1 + static_cast<std::uint32_t>(run % 3);
    options.batch_records = run % 2 == 0 ? 4096 : 16;
    const auto prepared = prepare(text, options);
    Running running(*prepared->job);
    wait_for_records(*prepared->job);
    constexpr std::uint64_t kEpochs = 200;
    for (std::uint64_t epoch = 1; epoch <= kEpochs; ++epoch) {
      prepared->job->begin_epoch(epoch);
      if (epoch % 3 == 0)
        std::this_thread::yield();
    }
    while (prepared->job->report().stages[2].total.barriers < 2 * kEpochs)
      std::this_thread::yield();
    prepared->job->stop();
    REQUIRE(running.join());
    for (const StageReport& stage : prepared->job->report().stages)
      CHECK(stage.total.barriers == 2 * kEpochs);
  }
}

TEST_CASE("control: a barrier passes an idle source, and one that has ended counts as aligned",
          "[runtime]") {
  JobOptions options;
  options.cpus = 2;
  const auto prepared = prepare(numbers("n", 100, 1) + stage("quiet", "brake/quiet", "") +
                                    stage("end", "tally", "from = [\"n\", \"quiet\"]"),
                                options);
  Running running(*prepared->job);
  while (prepared->job->report().sink_records() < 100)
    std::this_thread::yield();
  prepared->job->begin_epoch(1);
  while (prepared->job->report().stages[2].total.barriers < 1)
    std::this_thread::yield();
  prepared->job->stop();
  REQUIRE(running.join());
}

TEST_CASE("control: stop, cancel and failure reach executors that sleep", "[runtime]") {
  const std::string quiet = stage("quiet", "brake/quiet", parallel(3)) + stage("end", "tally", "");
  JobOptions options;
  options.cpus = 3;
  SECTION("stop") {
    for (int yields = 0; yields < 200; yields += 10) {  // asleep or not yet
      const auto prepared = prepare(quiet, options);
      Running running(*prepared->job);
      for (int i = 0; i < yields; ++i)
        std::this_thread::yield();
      prepared->job->stop();
      CHECK(running.join());
      CHECK(prepared->job->report().state == JobState::kStopped);
    }
  }
  SECTION("cancel") {
    for (int yields = 0; yields < 200; yields += 10) {  // asleep or not yet
      const auto prepared = prepare(quiet, options);
      Running running(*prepared->job);
      for (int i = 0; i < yields; ++i)
        std::this_thread::yield();
      prepared->job->cancel();
      CHECK_FALSE(running.join());
      CHECK(prepared->job->report().state == JobState::kCancelled);
    }
  }
  SECTION("failure") {
    const auto prepared = prepare(
        quiet + numbers("n", 100, 1) +
            stage("m", "misbehave", "from = \"n\"\nwith = { every = 50, what = \"fail\" }") +
            stage("end2", "tally", ""),
        options);
    Running running(*prepared->job);
    const Status status = running.join();
    REQUIRE_FALSE(status);
    CHECK(status.error().code == "E0602");
    CHECK(status.error().stage == "m");
    CHECK(prepared->job->report().state == JobState::kFailed);
  }
}

TEST_CASE("control: a row limit counts the rows of all executors together", "[runtime]") {
  for (const std::uint64_t limit : {0u, 1u, 100u, 5000u}) {
    JobOptions options;
    options.cpus = 3;
    options.row_limit = limit;
    const auto prepared =
        prepare(numbers("n", 2'000'000'000, 3) +
                    stage("m", "add", "partition = \"rebalance\"\n" + parallel(3)) +
                    stage("end", "tally", parallel(3)),
                options);
    REQUIRE(prepared->job->run());
    CHECK(prepared->job->report().state == JobState::kFinished);
    CHECK(prepared->job->report().sink_records() == limit);
  }
}

TEST_CASE("control: a job that is cancelled ends at once", "[runtime]") {
  const auto prepared = prepare(endless(), {});
  Running running(*prepared->job);
  wait_for_records(*prepared->job);
  prepared->job->cancel();
  const Status status = running.join();
  REQUIRE_FALSE(status);
  CHECK(status.error().code == "E0606");
  CHECK(prepared->job->report().state == JobState::kCancelled);
}

TEST_CASE("control: whoever cancels a job that has failed changes nothing", "[runtime]") {
  std::atomic<Job*> job = nullptr;
  JobOptions options;
  options.log = [&](std::uint32_t, std::string_view, std::uint32_t, std::string_view message) {
    if (message == "waits")
      job.load()->end_input();
    if (message == "told to end")
      job.load()->cancel();
  };
  const auto prepared =
      prepare(stage("n", "flaky/source", "with = { where = \"idle\" }") +
                  stage("m", "unruly/throws_at_the_end", "") + stage("end", "tally", "") +
                  stage("wait", "unruly/waits", "from = \"n\""),
              options);
  job.store(prepared->job.get());
  const Status status = prepared->job->run();
  REQUIRE_FALSE(status);
  CHECK(status.error().code == "E0602");
  CHECK(prepared->job->report().state == JobState::kFailed);
}

TEST_CASE("control: a call that does not come back is named, once, and can be cancelled",
          "[runtime]") {
  FakeClock clock;
  Log log;
  JobOptions options;
  options.clock = &clock;
  options.log = log.sink();
  const auto prepared = prepare(
      numbers("n", 100, 1) + stage("m", "misbehave", "with = { every = 50, what = \"hang\" }") +
          stage("end", "tally", ""),
      options);
  Running running(*prepared->job);
  // With this clock a call that the machine interrupts may look long, too.
  const auto named = [&] {
    std::size_t count = 0;
    for (const std::string& line : log.lines())
      count += line.starts_with("m/0: SAGE-W0601: `process` has not returned") ? 1 : 0;
    return count;
  };
  while (named() == 0) {
    clock.advance(kSecond / 2);
    prepared->job->look_for_stalls();
    std::this_thread::yield();
  }
  clock.advance(10 * kSecond);
  prepared->job->look_for_stalls();
  CHECK(named() == 1);
  prepared->job->cancel();
  REQUIRE_FALSE(running.join());
  CHECK(prepared->job->report().state == JobState::kCancelled);
}

TEST_CASE("control: a row limit does not wait for thousands of records behind it", "[runtime]") {
  JobOptions options;
  options.row_limit = 3;
  const auto prepared = prepare(
      numbers("n", 100'000, 1) + stage("m", "add", "") + stage("end", "tally", ""), options);
  REQUIRE(prepared->job->run());
  const Report report = prepared->job->report();
  CHECK(report.state == JobState::kFinished);
  CHECK(report.sink_records() == 3);
  CHECK(report.stages[1].total.records_in < 1000);
}

TEST_CASE("accounts: a record that nobody accounts for is a bug that is reported", "[runtime]") {
  Report report;
  report.stages.emplace_back();
  report.stages[0].id = "m";
  report.stages[0].instances.emplace_back();
  InstanceReport& counts = report.stages[0].instances[0];
  counts.records_in = 15;
  counts.processed = 5;
  counts.filtered = 4;
  counts.failed = 3;
  counts.skipped = 2;
  counts.dead_lettered = 1;
  report.channel_sent = report.channel_received = 7;
  CHECK(check_accounts(report));
  SECTION("in a stage") { ++counts.records_in; }
  SECTION("between tasks") { ++report.channel_sent; }
  const Status status = check_accounts(report);
  REQUIRE_FALSE(status);
  CHECK(status.error().code == "E0612");
}

}  // namespace sage::runtime
