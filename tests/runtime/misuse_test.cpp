// What the engine does with operators that break the rules: it names them, and neither loses nor
// invents a record without saying so.
#include "runtime/jobs.hpp"

namespace sage::runtime {
namespace {

Outcome pass(const std::string& what, const std::string& rest = "") {
  return run(numbers("n", 10, 1) +
             stage("m", "rogue/pass", "with = { what = \"" + what + "\" }\n" + rest) +
             stage("end", "tally", ""));
}

}  // namespace

TEST_CASE("misuse: the job fails and names the stage and the rule", "[runtime]") {
  const std::vector<std::pair<std::string, std::string>> rules = {
      {"bad index", "rejected record 10 of a batch of 10"},
      {"no index", "without saying which"},
      {"forward after output", "has emitted or rejected something"},
      {"forward after reject", "has emitted or rejected something"},
      {"retry after more", "try again after it had answered MORE"},
      {"more", "answered MORE"},
      {"meta", "meta that is not 0"},
      {"no size", "struct_size"},
      {"mark", "is no source"},
  };
  for (const auto& [what, rule] : rules) {
    const Outcome out = pass(what, "on_error = \"skip\"");
    INFO(what);
    REQUIRE(out.error);
    CHECK(out.error->code == "E0602");
    CHECK(out.error->stage == "m");
    CHECK_THAT(out.error->message, Catch::Contains(rule));
    CHECK(out.tally("end", "count") <= 1);
  }
}

TEST_CASE("misuse: a call that says cancelled while nothing is fails the job", "[runtime]") {
  const Outcome skipping = pass("cancelled", "on_error = \"skip\"");
  REQUIRE(skipping.error);
  CHECK(skipping.error->code == "E0602");
  const Outcome failing = pass("cancelled");
  REQUIRE(failing.error);
  CHECK(failing.error->code == "E0601");
  CHECK(failing.error->record == R"({"n":0,"key":0})");
}

TEST_CASE("misuse: a batch that another branch holds cannot be edited in place", "[runtime]") {
  const Outcome out = run(numbers("n", 10, 1) + stage("a", "add", "from = \"n\"") +
                          stage("b", "rogue/pass", "from = \"n\"\nwith = { what = \"in place\" }") +
                          stage("end", "tally", "from = [\"a\", \"b\"]"));
  REQUIRE(out.error);
  CHECK_THAT(out.error->message, Catch::Contains("not its own"));
}

TEST_CASE("job: watermarks between the rows of one poll lose no row", "[runtime]") {
  const Outcome out = run(stage("n", "rogue/marks", "") + stage("end", "tally", ""));
  CHECK_FALSE(out.error);
  CHECK(out.tally("end", "count") == 10);
  CHECK(out.tally("end", "sum") == 45);
}

TEST_CASE("job: what an operator gives for a watermark may take several calls", "[runtime]") {
  const Outcome out =
      run(stage("n", "rogue/marks", "") + stage("e", "rogue/echo", "") + stage("end", "tally", ""));
  CHECK_FALSE(out.error);
  CHECK(out.tally("end", "count") == 15);  // watermarks 2, 5 and 8
  CHECK(out.tally("end", "sum") == 75);
}

TEST_CASE("job: once the sinks commit all of them do, and nothing is aborted", "[runtime]") {
  const Outcome out =
      run(numbers("n", 10, 3) +
          stage("end", "rogue/sink", "parallelism = 3\nwith = { what = \"commit\" }"));
  REQUIRE(out.error);
  CHECK(out.error->code == "E0607");
  CHECK(out.report.state == JobState::kFailed);
  CHECK(out.tally("end", "committed") == 2);
  CHECK(out.tally("end", "aborted") == 0);
}

TEST_CASE("job: a job that fails aborts its sinks and commits nothing", "[runtime]") {
  const Outcome out =
      run(numbers("n", 10, 1) + stage("m", "misbehave", "with = { every = 5, what = \"fail\" }") +
          stage("end", "rogue/sink", "parallelism = 2"));
  REQUIRE(out.error);
  CHECK(out.tally("end", "committed") == 0);
  CHECK(out.tally("end", "aborted") == 2);
}

TEST_CASE("job: small batches share buffers, so an explosion stays small", "[runtime]") {
  for (const std::uint32_t batch : {1u, 7u}) {
    const Outcome out = run(
        numbers("n", 10, 1) +
            stage("m", "misbehave", "with = { every = 10, copies = 100000, what = \"explode\" }") +
            stage("end", "tally", ""),
        batch);
    CHECK_FALSE(out.error);
    CHECK(out.tally("end", "count") == 100'009);
  }
}

}  // namespace sage::runtime
