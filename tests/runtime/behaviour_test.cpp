// Operators that throw, fail, explode, swallow or sleep: on_error is obeyed, nothing is lost
// without a count, and memory stays bounded.
#include "runtime/jobs.hpp"

#include <algorithm>
#include <fstream>

namespace sage::runtime {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;  // slow, and freed memory is kept
#else
constexpr bool kSanitized = false;
#endif

const std::string kPoison = R"({"n":999,"key":13})";
const std::string kThrowing[] = {"unruly/throws", "unruly/throws_in_filter"};

std::string skip() { return "on_error = \"skip\"\n"; }

// 0 .. 2999 through `op`; its dead letters, if it has any, are read.
Outcome three_thousand(const std::string& op, const std::string& rest, std::uint32_t batch = 4096) {
  const bool letters = rest.find("dead_letter") != std::string::npos;
  return run(numbers("n", 3000, 2) + stage("m", op, rest) +
                 stage("end", "tally", "from = \"m\"\n" + parallel(2)) +
                 (letters ? stage("dead", "flaky/letters", "from = \"m.errors\"") : ""),
             batch);
}

// The most memory that the process has had, in bytes.
std::uint64_t peak_memory() {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:"))
      return 1024 * std::stoull(line.substr(6));
  }
  FAIL("no VmHWM");
  return 0;
}

}  // namespace

TEST_CASE("behaviour: an operator that throws at the 1,000th record, with each on_error",
          "[runtime]") {
  for (const std::string& op : kThrowing) {
    for (const int instances : {1, 3}) {
      for (const std::uint32_t batch : {1u, 7u, 4096u}) {
        INFO(op << ", " << instances << " instances, batches of " << batch);
        const Outcome failed = three_thousand(op, parallel(instances), batch);
        REQUIRE(failed.error);
        CHECK(failed.error->code == "E0601");
        CHECK(failed.error->stage == "m");
        CHECK(failed.error->record == kPoison);
        CHECK_THAT(failed.error->message,
                   Catch::Contains("cannot bear it") && Catch::Contains("E0503"));
        CHECK(failed.stage("m").failed == 1);

        const Outcome skipped = three_thousand(op, skip() + parallel(instances), batch);
        CHECK_FALSE(skipped.error);
        CHECK(skipped.stage("m").skipped == 1);
        CHECK(skipped.tally("end", "count") == 2999);
        CHECK(skipped.tally("end", "sum") == 4'498'500 - 999);

        const Outcome letters =
            three_thousand(op, "on_error = \"dead_letter\"\n" + parallel(instances), batch);
        CHECK_FALSE(letters.error);
        CHECK(letters.stage("m").dead_lettered == 1);
        CHECK(letters.tally("end", "sum") == 4'498'500 - 999);
        CHECK(letters.stage("dead").records_in == 1);
        const auto& metrics = letters.stage("dead").metrics;
        REQUIRE(metrics.size() == 1);
        CHECK_THAT(metrics[0].name, Catch::StartsWith("SAGE-E0503 ") &&
                                        Catch::EndsWith(" cannot bear it " + kPoison));
      }
    }
  }
}

TEST_CASE("behaviour: a sink that throws commits nothing, or all but that record", "[runtime]") {
  const auto out = [](const std::string& rest) {
    return run(numbers("n", 3000, 2) + stage("end", "unruly/throws_in_sink", rest));
  };
  const Outcome failed = out("");
  REQUIRE(failed.error);
  CHECK(failed.error->record == kPoison);
  const Outcome skipped = out(skip());
  CHECK_FALSE(skipped.error);
  CHECK(skipped.stage("end").skipped == 1);
  CHECK(skipped.stage("end").processed == 2999);
}

TEST_CASE("behaviour: a call that fails ends the job, whatever on_error says", "[runtime]") {
  for (const std::string on_error : {"fail", "skip", "dead_letter"}) {
    const Outcome out = three_thousand(
        "misbehave",
        "with = { every = 1000, what = \"fail\" }\non_error = \"" + on_error + "\"\n" + parallel(2),
        7);
    REQUIRE(out.error);
    CHECK(out.error->code == "E0602");
    CHECK(out.error->stage == "m");
    CHECK_THAT(out.error->message, Catch::Contains("told to fail"));
    CHECK(out.report.state == JobState::kFailed);
    CHECK(out.stage("m").dead_lettered + out.stage("m").skipped == 0);
    const InstanceReport& m = out.stage("m");
    CHECK(m.records_in == m.processed);  // what the failed call took is not counted
  }
}

TEST_CASE("behaviour: a record that becomes ten million flows in bounded memory", "[runtime]") {
  const std::uint64_t copies = kSanitized ? 1'000'000 : 10'000'000;  // 480 MB
  const std::string explode =
      "with = { every = 10, copies = " + std::to_string(copies) + ", what = \"explode\" }\n";
  for (const std::uint32_t n : {1u, 2u}) {
    const std::uint64_t before = peak_memory();
    const Outcome out = run(numbers("n", 10, 1) + stage("m", "misbehave", explode) +
                                stage("a", "add", parallel(2)) +
                                stage("end", "tally", "parallelism = " + std::to_string(n)),
                            4096, n);
    CHECK_FALSE(out.error);
    CHECK(out.tally("end", "count") == copies + 9);
    CHECK(out.stage("m").records_out == copies + 9);
    if (!kSanitized)
      CHECK(peak_memory() - before < 64u << 20);
  }
}

TEST_CASE("behaviour: one record that gives more than a call may is its own error", "[runtime]") {
  const std::uint64_t before = peak_memory();
  const Outcome skipped = three_thousand("unruly/explodes", skip());
  CHECK_FALSE(skipped.error);
  CHECK(skipped.stage("m").skipped == 1);
  CHECK(skipped.tally("end", "sum") == 4'498'500 - 999);
  const Outcome failed = three_thousand("unruly/explodes", "");
  REQUIRE(failed.error);
  CHECK(failed.error->record == kPoison);
  CHECK_THAT(failed.error->message, Catch::Contains("E0506") || Catch::Contains("E0505"));
  if (!kSanitized)
    CHECK(peak_memory() - before < 256u << 20);
}

TEST_CASE("behaviour: an operator that never emits ends with its input", "[runtime]") {
  const Outcome out =
      three_thousand("misbehave", "with = { every = 1, what = \"swallow\" }\n" + parallel(3));
  CHECK_FALSE(out.error);
  CHECK(out.stage("m").processed == 3000);
  CHECK(out.stage("m").records_out == 0);
  CHECK(out.stage("end").records_in == 0);
}

TEST_CASE("behaviour: a source does not run away from a sink that sleeps", "[runtime]") {
  const auto prepared = prepare(
      numbers("n", 2'000'000'000, 1) + stage("end", "unruly/sleeps", "parallelism = 2"), {});
  Running running(*prepared->job);
  std::uint64_t written = 0;
  std::uint64_t ahead = 0;
  while (written < 200'000) {
    const Report report = prepared->job->report();
    written = report.stages[1].total.records_in;
    // Looked at a moment earlier, so it may even seem to be behind.
    ahead = std::max(ahead, std::max(report.source_records(), written) - written);
    std::this_thread::yield();
  }
  prepared->job->stop();
  REQUIRE(running.join());
  CHECK(ahead > 0);
  CHECK(ahead < 40 * 4096);  // the windows of two channels, and what is under way
  const Report report = prepared->job->report();
  CHECK(report.stages[1].total.processed == report.source_records());
  CHECK(check_accounts(report));
}

}  // namespace sage::runtime
