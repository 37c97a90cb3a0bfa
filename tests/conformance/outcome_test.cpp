#include "conformance/outcome.hpp"

#include <array>
#include <unistd.h>

#include <catch2/catch.hpp>

namespace sage::conformance {
namespace {

// What the reader of a report gets.
template <class Write>
std::string written(Write write) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  write(Report(ends[1]));
  ::close(ends[1]);
  std::string text(1 << 16, '\0');
  text.resize(static_cast<std::size_t>(::read(ends[0], text.data(), text.size())));
  ::close(ends[0]);
  return text;
}

}  // namespace

TEST_CASE("a report tells the outcome as it was, in lines", "[conformance]") {
  const std::string text = written([](const Report& report) {
    report.at("one");
    report.at(std::string("two\nfailed three\0", 17));
    report.end(failed("a\nb", "do c"));
  });
  const Told told = read_report(text);
  CHECK(told.step == "two failed three ");
  REQUIRE(told.outcome);
  CHECK(told.outcome->state == State::kFailed);
  CHECK(told.outcome->reason == "a b");
  CHECK(told.outcome->hint == "do c");
}

TEST_CASE("every state has its own word", "[conformance]") {
  for (const Outcome& outcome : {passed(), failed("x"), skipped("x")}) {
    const Told told = read_report(written([&](const Report& report) { report.end(outcome); }));
    REQUIRE(told.outcome);
    CHECK(told.outcome->state == outcome.state);
  }
}

TEST_CASE("a report that breaks off has no outcome, but the last whole step", "[conformance]") {
  for (const char* text :
       {"at one\nat two\nat thr", "at one\nat two\nhint x\npassed", "at two\n"}) {
    CHECK_FALSE(read_report(text).outcome);
    CHECK(read_report(text).step == "two");
  }
  CHECK(read_report("").step.empty());
  CHECK_FALSE(read_report("\n\n nonsense\n").outcome);
}

}  // namespace sage::conformance
