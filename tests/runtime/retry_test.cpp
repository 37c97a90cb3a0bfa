// Calls that ask to be tried again: when they are, what becomes of their output, and what when they
// never succeed.
#include "runtime/jobs.hpp"
#include "runtime/operator_resolver.hpp"
#include "runtime/pipeline_test.hpp"

namespace sage::runtime {
namespace {

const std::string kSoon = "retry = { times = 3, backoff = \"1us\", max = \"4us\" }\n";
const std::string kMuchLater = "retry = { times = 3, backoff = \"1h\", max = \"1h\" }\n";

std::string asking(const std::string& where, const std::string& more = "") {
  return "with = { where = \"" + where + "\"" + more + " }\n";
}

// The numbers 0 .. 99 through an operator that asks, and what it has not rejected.
Outcome one_hundred(const std::string& op, const std::string& rest, std::uint32_t batch = 4096) {
  return run(numbers("n", 100, 1) + stage("m", op, rest) + stage("end", "flaky/sink", ""), batch);
}

}  // namespace

TEST_CASE("retry: calls that succeed at the fourth try lose and repeat nothing", "[runtime]") {
  const std::uint64_t sum = 4950;
  for (const std::uint32_t batch : {1u, 7u, 4096u}) {
    const std::uint64_t calls = (100 + batch - 1) / batch;
    INFO("batches of " << batch);
    const Outcome process = one_hundred("flaky/map", asking("process") + kSoon, batch);
    CHECK(process.tally("end", "count") == 102);  // two at the end
    CHECK(process.tally("end", "sum") == sum + 2'000'000);
    CHECK(process.stage("m").retries == 3 * calls);
    CHECK(process.stage("m").processed == 100);

    const Outcome finish = one_hundred("flaky/map", asking("finish") + kSoon, batch);
    CHECK(finish.tally("end", "count") == 102);

    const Outcome select = one_hundred("flaky/odd", asking("select") + kSoon, batch);
    CHECK(select.tally("end", "count") == 50);
    CHECK(select.tally("end", "sum") == 2500);
    CHECK(select.stage("m").filtered == 50);
    CHECK(select.stage("m").retries == 3 * calls);

    for (const std::string where : {"write", "finish"}) {
      const Outcome sink =
          run(numbers("n", 100, 1) + stage("end", "flaky/sink", asking(where) + kSoon), batch);
      CHECK(sink.tally("end", "count") == 100);
      CHECK(sink.tally("end", "sum") == sum);
      CHECK(sink.stage("end").retries == (where == "write" ? 3 * calls : 3));
    }
  }
}

TEST_CASE("retry: what a source and a watermark give is neither lost nor repeated", "[runtime]") {
  const Outcome watermark =
      run(stage("n", "flaky/source", "") + stage("m", "flaky/map", asking("watermark") + kSoon) +
          stage("end", "flaky/sink", ""));
  CHECK_FALSE(watermark.error);
  CHECK(watermark.tally("end", "count") == 112);  // 100 rows, 10 watermarks, 2 at the end
  CHECK(watermark.tally("end", "sum") == 4950 + 540 + 2'000'000);
  CHECK(watermark.stage("m").retries == 30);

  const Outcome poll =
      run(stage("n", "flaky/source", asking("poll") + kSoon) + stage("m", "flaky/map", "") +
          stage("end", "flaky/sink", "parallelism = 2"));
  CHECK_FALSE(poll.error);
  CHECK(poll.tally("end", "count") == 112);
  CHECK(poll.tally("end", "sum") == 4950 + 540 + 2'000'000);
  CHECK(poll.stage("n").retries == 30);
  CHECK(poll.stage("n").records_in == 100);
}

TEST_CASE("retry: operators of one chain that all ask, each for itself", "[runtime]") {
  const Outcome out = run(stage("n", "flaky/source", asking("poll") + kSoon) +
                          stage("a", "flaky/map", asking("process") + kSoon) +
                          stage("b", "flaky/odd", asking("select") + kSoon) +
                          stage("end", "flaky/sink", asking("write") + kSoon));
  CHECK_FALSE(out.error);
  CHECK(out.tally("end", "count") == 50 + 10);
  CHECK(out.stage("a").retries == 30);
}

TEST_CASE("retry: tasks on several executors each wait for their own next try", "[runtime]") {
  for (const std::uint32_t cpus : {1u, 2u, 4u}) {
    const Outcome out = run(
        numbers("n", 10'000, 2) + stage("m", "flaky/map", asking("process") + kSoon + parallel(3)) +
            stage("end", "flaky/sink", asking("write") + kSoon + "partition = \"global\""),
        100, cpus);
    CHECK_FALSE(out.error);
    CHECK(out.tally("end", "count") == 10'006);
    CHECK(out.tally("end", "sum") == 49'995'000 + 6'000'000);
    CHECK(out.stage("m").retries >= 300);
  }
}

TEST_CASE("retry: a call that never succeeds is the error of its records", "[runtime]") {
  // In batches of 10, that of 49 asks for ever.
  const std::string bad = asking("process", ", asks = -1, every = 50") + kSoon;
  const Outcome failed =
      run(numbers("n", 50, 1) + stage("m", "flaky/map", bad) + stage("end", "flaky/sink", ""), 10);
  REQUIRE(failed.error);
  CHECK(failed.error->code == "E0601");
  CHECK(failed.error->stage == "m");
  CHECK(failed.error->record == R"({"n":40,"key":6})");
  CHECK_THAT(failed.error->message, Catch::Contains("failed 4 times, at last with: not now") &&
                                        Catch::Contains("the first of the 10 of the call") &&
                                        Catch::Contains("E0507"));
  CHECK(check_accounts(failed.report));

  const Outcome skipped = one_hundred("flaky/map", bad + "on_error = \"skip\"", 10);
  CHECK_FALSE(skipped.error);
  CHECK(skipped.stage("m").skipped == 20);
  CHECK(skipped.stage("m").retries == 6);
  CHECK(skipped.tally("end", "count") == 82);

  const Outcome letters =
      run(numbers("n", 100, 1) + stage("m", "flaky/map", bad + "on_error = \"dead_letter\"") +
              stage("end", "flaky/sink", "from = \"m\"") +
              stage("dead", "flaky/letters", "from = \"m.errors\""),
          10);
  CHECK_FALSE(letters.error);
  CHECK(letters.stage("m").dead_lettered == 20);
  CHECK(letters.stage("dead").records_in == 20);
  CHECK(letters.tally("dead",
                      "SAGE-E0507 0 the call failed 4 times, at last with: not now "
                      R"({"n":94,"key":9})") == 1);
  CHECK(letters.tally("end", "count") == 82);
}

TEST_CASE("retry: a stage without `retry` says so", "[runtime]") {
  const Outcome out = one_hundred("flaky/map", asking("process"));
  REQUIRE(out.error);
  CHECK_THAT(out.error->message, Catch::Contains("the stage has no `retry`: not now"));
  CHECK(out.stage("m").retries == 0);
}

TEST_CASE("retry: filters and sinks reject what they could not do", "[runtime]") {
  const std::string never = ", asks = -1, every = 100";
  const Outcome select =
      one_hundred("flaky/odd", asking("select", never) + kSoon + "on_error = \"skip\"", 10);
  CHECK(select.stage("m").skipped == 10);
  CHECK(select.tally("end", "count") == 45);
  const Outcome write =
      run(numbers("n", 100, 1) +
              stage("end", "flaky/sink", asking("write", never) + kSoon + "on_error = \"skip\""),
          10);
  CHECK(write.stage("end").skipped == 10);
  CHECK(write.stage("end").processed == 90);
  CHECK(write.tally("end", "count") == 90);
}

TEST_CASE("retry: a call that is about no batch fails the job", "[runtime]") {
  const std::string end = stage("end", "flaky/sink", "");
  const auto check = [](const Outcome& out, const std::string& name) {
    REQUIRE(out.error);
    CHECK(out.error->code == "E0602");
    CHECK(out.error->stage == name);
    CHECK_THAT(out.error->message, Catch::Contains("failed 4 times, at last with: not now"));
  };
  const std::string skip = kSoon + "on_error = \"skip\"";
  for (const std::string where : {"finish", "watermark"}) {
    check(run(stage("n", "flaky/source", "") +
              stage("m", "flaky/map", asking(where, ", asks = -1") + skip) + end),
          "m");
  }
  check(run(stage("n", "flaky/source", asking("poll", ", asks = -1") + skip) + end), "n");
}

TEST_CASE("retry: a call that has touched keyed state breaks a rule", "[runtime]") {
  const std::string keyed = "key_by = \"key\"\non_error = \"skip\"\n" + kSoon;
  for (const std::string where : {"before", "read"}) {
    const Outcome out = one_hundred("flaky/keyed", asking(where) + keyed, 10);
    CHECK_FALSE(out.error);
    CHECK(out.stage("m").retries == (where == "before" ? 30 : 3));
  }
  for (const std::string where : {"after", "resized"}) {
    const Outcome out = one_hundred("flaky/keyed", asking(where) + keyed);
    REQUIRE(out.error);
    CHECK(out.error->code == "E0602");
    CHECK(out.error->stage == "m");
    CHECK_THAT(out.error->message,
               Catch::Contains("it asked to try again after it had touched keyed state"));
    CHECK(out.stage("m").retries == 0);
  }
}

TEST_CASE("retry: an end that has answered MORE cannot be tried again", "[runtime]") {
  const Outcome out = one_hundred("flaky/map", asking("finish after more") + kSoon);
  REQUIRE(out.error);
  CHECK(out.error->code == "E0602");
  CHECK_THAT(out.error->message, Catch::Contains("after it had answered MORE"));
}

TEST_CASE("retry: a job is cancelled during a long back-off", "[runtime]") {
  for (const std::string where : {"process", "finish"}) {
    const auto prepared =
        prepare(numbers("n", 100, 1) + stage("m", "flaky/map", asking(where) + kMuchLater) +
                    stage("end", "flaky/sink", ""),
                {});
    Running running(*prepared->job);
    while (prepared->job->report().stages[1].total.retries == 0)
      std::this_thread::yield();
    prepared->job->cancel();
    const Status status = running.join();
    REQUIRE_FALSE(status);
    CHECK(status.error().code == "E0606");
    const Report report = prepared->job->report();
    CHECK(report.stages[1].total.retries == 1);
    CHECK(check_accounts(report));
  }
}

TEST_CASE("retry: a source that is stopped is not polled again, whatever its back-off",
          "[runtime]") {
  const auto prepared =
      prepare(stage("n", "flaky/source", asking("poll", ", every = 20") + kMuchLater) +
                  stage("end", "flaky/sink", ""),
              {});
  Running running(*prepared->job);
  while (prepared->job->report().stages[0].total.retries == 0)
    std::this_thread::yield();
  prepared->job->stop();
  REQUIRE(running.join());
  CHECK(prepared->job->report().state == JobState::kStopped);
  CHECK(prepared->job->report().sink_records() == 10);
}

TEST_CASE("retry: a job that is stopped goes on to try", "[runtime]") {
  const auto prepared =
      prepare(numbers("n", 2'000'000'000, 1) +
                  stage("m", "flaky/map",
                        asking("process", ", every = 5000") +
                            "retry = { times = 3, backoff = \"20ms\", max = \"20ms\" }") +
                  stage("end", "flaky/sink", "parallelism = 2"),
              {});
  Running running(*prepared->job);
  while (prepared->job->report().stages[1].total.retries == 0)
    std::this_thread::yield();
  prepared->job->stop();
  REQUIRE(running.join());
  const Report report = prepared->job->report();
  CHECK(report.stages[1].total.retries % 3 == 0);
  CHECK(report.stages[1].total.processed == report.source_records());
  CHECK(check_accounts(report));
}

TEST_CASE("retry: the test of a pipeline does not wait", "[runtime]") {
  const std::string file = "sage = 1\n[pipeline]\nname = \"t\"\n" + numbers("n", 100, 1) +
                           stage("m", "flaky/odd", asking("select") + kMuchLater) +
                           stage("end", "flaky/sink", "") +
                           "[[test]]\nname = \"keeps odd numbers\"\nat = \"m\"\n"
                           "given = [{ n = 1, key = 0 }, { n = 2, key = 0 }]\n"
                           "want = [{ n = 1, key = 0 }]\n";
  const spec::Parsed parsed = spec::parse_pipeline(
      file, "t.toml", {[](const std::string&) { return std::nullopt; }, {}, {}});
  Diagnostics findings = parsed.findings;
  const auto plan =
      plan::make_plan(parsed.pipeline, make_operator_resolver(test_registry()), findings);
  REQUIRE(plan);
  const TestOutcome outcome = run_test(*plan, test_registry(), parsed.pipeline.tests.at(0), {});
  CHECK_FALSE(outcome.error);
  CHECK(outcome.passed);
}

}  // namespace sage::runtime
