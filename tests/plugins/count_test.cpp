#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <algorithm>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Harness;
using Lines = std::vector<std::string>;

Lines sorted(Lines lines) {
  std::ranges::sort(lines);
  return lines;
}

}  // namespace

TEST_CASE("count gives one row per key at the end of bounded input") {
  Harness harness(loaded("agg/count"), {.inputs = {{{"word", Type::kText}}}, .keys = {"word"}});
  harness.push({{{"word", "a"}}, {{"word", "b"}}, {{"word", "a"}}, {{"word", ""}}});
  CHECK(harness.json().empty());
  harness.end();
  CHECK(sorted(harness.json()) ==
        Lines{R"({"word":"","n":1})", R"({"word":"a","n":2})", R"({"word":"b","n":1})"});
}

TEST_CASE("count gives a row per record when it is to emit updates") {
  Harness harness(
      loaded("agg/count"),
      {.options = {{"emit", "update"}}, .inputs = {{{"word", Type::kText}}}, .keys = {"word"}});
  harness.push({{{"word", "a"}}, {{"word", "b"}}, {{"word", "a"}}});
  CHECK(harness.json() ==
        Lines{R"({"word":"a","n":1})", R"({"word":"b","n":1})", R"({"word":"a","n":2})"});
  harness.end();
  CHECK(harness.json().size() == 3);
}

TEST_CASE("count puts the key fields first, in key_by order") {
  Harness harness(loaded("agg/count"),
                  {.inputs = {{{"x", Type::kInt64}, {"y", Type::kBool}}}, .keys = {"y", "x"}});
  harness.push({{{"x", 0}, {"y", false}}, {{"x", 0}, {"y", true}}, {{"x", 0}, {"y", false}}});
  harness.end();
  CHECK(sorted(harness.json()) == Lines{R"({"y":false,"x":0,"n":2})", R"({"y":true,"x":0,"n":1})"});
}

TEST_CASE("count without a key counts everything, and nothing gives no row") {
  const sage::testkit::Setup setup = {.inputs = {{{"x", Type::kInt64}}}};
  Harness none(loaded("agg/count"), setup);
  none.end();
  CHECK(none.json().empty());
  Harness two(loaded("agg/count"), setup);
  two.push({{{"x", 1}}, {{"x", 1}}});
  two.end();
  CHECK(two.json() == Lines{R"({"n":2})"});
}

TEST_CASE("count hands on many keys in several calls") {
  Harness harness(loaded("agg/count"), {.inputs = {{{"x", Type::kInt64}}}, .keys = {"x"}});
  constexpr int kKeys = 100'000;
  sage::testkit::Rows rows;
  for (int i = 0; i < kKeys; ++i) {
    rows.push_back({{"x", i}});
  }
  harness.push(rows);
  harness.end();
  CHECK(harness.calls() > 2);
  CHECK(harness.rows().size() == kKeys);
}

TEST_CASE("count refuses a clash of names and an interval") {
  CHECK_THROWS(Harness(loaded("agg/count"), {.inputs = {{{"n", Type::kInt64}}}, .keys = {"n"}}));
  CHECK_THROWS(Harness(loaded("agg/count"),
                       {.options = {{"emit", "10s"}}, .inputs = {{{"x", Type::kInt64}}}}));
}
