#include "runtime/jobs.hpp"

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

}  // namespace sage::runtime
