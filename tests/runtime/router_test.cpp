// A partitioner from a plugin in C++: each record arrives at the very instance that it tells, and
// those for which it tells none are the errors of these records.
#include "runtime/jobs.hpp"

#include <sage/hash.hpp>

#include <functional>

namespace sage::runtime {
namespace {

constexpr int kCount = 200;

// The numbers that `is_told` of, each at its instance of `instances`.
Counts told(std::uint32_t instances, const std::function<bool(std::int64_t)>& is_told) {
  Counts counts;
  for (std::int64_t n = 0; n < kCount; ++n) {
    if (is_told(n))
      ++counts[std::to_string(stable_hash(n) % instances) + " " + std::to_string(n)];
  }
  return counts;
}

// `from` through the partitioner into so many instances.
std::string seen(const std::string& from, std::uint32_t instances, const std::string& with = "",
                 const std::string& on_error = "fail") {
  return stage("seen", "router/seen",
               "from = \"" + from + "\"\npartition = { use = \"router/by-hash\", with = { " + with +
                   " } }\non_error = \"" + on_error + "\"\n" +
                   parallel(static_cast<int>(instances)));
}

// Runs `check(instances, batch, cpus)` for all of them.
template <class Check>
void for_each_shape(Check check) {
  for (std::uint32_t instances = 1; instances <= 8; ++instances) {
    for (const std::uint32_t batch : {1u, 7u, 4096u}) {
      for (std::uint32_t cpus = 1; cpus <= 4; ++cpus) {
        INFO(instances << " instances, batches of " << batch << ", " << cpus << " executors");
        check(instances, batch, cpus);
      }
    }
  }
}

// With these, 6, 13, 20 .. are out of range, and 10, 21, 32 .. refused, 76 and 153 of both.
const std::string kSome = "astray = 7, refused = 11";
bool is_refused(std::int64_t n) { return n % 11 == 10; }
bool is_astray(std::int64_t n) { return n % 7 == 6 && !is_refused(n); }
bool is_sound(std::int64_t n) { return !is_refused(n) && !is_astray(n); }

}  // namespace

TEST_CASE("router: each record arrives once, at the instance that the partitioner tells",
          "[runtime]") {
  for_each_shape([](std::uint32_t instances, std::uint32_t batch, std::uint32_t cpus) {
    const auto all = [](std::int64_t) { return true; };
    const Outcome out = run(numbers("n", kCount, 3) + seen("n", instances), batch, cpus);
    CHECK_FALSE(out.error);
    CHECK(lines(out.counts("seen")) == lines(told(instances, all)));
    // Out of a filter, which hands a selection on; from as many instances as there are receivers.
    const Outcome some = run(
        numbers("n", kCount, static_cast<int>(instances)) +
            stage("m", "even", "with = { every = 3 }\n" + parallel(static_cast<int>(instances))) +
            seen("m", instances),
        batch, cpus);
    CHECK_FALSE(some.error);
    CHECK(lines(some.counts("seen")) ==
          lines(told(instances, [](std::int64_t n) { return n % 3 == 0; })));
  });
}

TEST_CASE(
    "router: a record that it sends out of range or refuses is that record's error, the rest "
    "arrive as told",
    "[runtime]") {
  Counts letters;
  for (std::int64_t n = 0; n < kCount; ++n) {
    if (!is_sound(n)) {
      ++letters[std::string(is_refused(n) ? "seen SAGE-E0501 " : "seen SAGE-E0502 ") +
                "{\"n\":" + std::to_string(n) + ",\"key\":" + std::to_string(n % 17) + "}"];
    }
  }
  for_each_shape([&](std::uint32_t instances, std::uint32_t batch, std::uint32_t cpus) {
    const Outcome out = run(numbers("n", kCount, 3) + seen("n", instances, kSome, "dead_letter") +
                                stage("dead", "moody/letters", "from = \"seen.errors\""),
                            batch, cpus);
    CHECK_FALSE(out.error);
    CHECK(lines(out.counts("seen")) == lines(told(instances, is_sound)));
    CHECK(lines(out.counts("dead")) == lines(letters));
    CHECK(out.stage("seen").dead_lettered == letters.size());
    CHECK(out.stage("seen").processed == kCount - letters.size());
  });
  const Outcome skipped = run(numbers("n", kCount, 3) + seen("n", 4, kSome, "skip"), 7, 2);
  CHECK_FALSE(skipped.error);
  CHECK(lines(skipped.counts("seen")) == lines(told(4, is_sound)));
  CHECK(skipped.stage("seen").skipped == letters.size());
}

TEST_CASE("router: without on_error the first record that is sent out of range ends the job",
          "[runtime]") {
  const Outcome out = run(numbers("n", kCount, 1) + seen("n", 4, "astray = 150"), 7);
  REQUIRE(out.error);
  CHECK(out.error->code == "E0601");
  CHECK(out.error->stage == "seen");
  CHECK(out.error->record == R"({"n":149,"key":13})");
  CHECK_THAT(out.error->message, Catch::Contains("the partitioner chose instance 4 of 4"));
}

}  // namespace sage::runtime
