#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::ListOfInt;
using sage::testkit::ListOfReal;
using sage::testkit::ListOfText;
using sage::testkit::OptionTable;
using sage::testkit::OptionValue;
using sage::testkit::Rows;
using sage::testkit::Setup;
using Lines = std::vector<std::string>;

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
const double kNan = std::nan("");
const double kInf = std::numeric_limits<double>::infinity();

const std::vector<sage::FieldSpec> kFields = {
    {"k", Type::kText},         {"i", Type::kInt64},       {"x", Type::kFloat64},
    {"s", Type::kText},         {"t", Type::kTimestamp},   {"b", Type::kBool},
    {"d", Type::kData},         {"ls", Type::kListText},   {"li", Type::kListInt64},
    {"lx", Type::kListFloat64}, {"lf", Type::kListFloat32}};

Setup setup(OptionTable aggregates, std::vector<std::string> keys = {"k"}) {
  return {.options = {{"aggregate", OptionValue(std::move(aggregates))}},
          .inputs = {kFields},
          .keys = std::move(keys)};
}

// What comes out at the end, in byte order of the lines.
Lines reduced(OptionTable aggregates, const Rows& rows, std::vector<std::string> keys = {"k"}) {
  Harness harness(loaded("agg/reduce"), setup(std::move(aggregates), std::move(keys)));
  harness.push(rows);
  CHECK(harness.json().empty());
  harness.end();
  Lines lines = harness.json();
  std::ranges::sort(lines);
  return lines;
}

// The one value that `call` makes of these values of `field`.
template <class T>
sage::testkit::Value value(const std::string& call, const std::string& field,
                           std::vector<T> values) {
  Harness harness(loaded("agg/reduce"), setup({{"value", call}}, {}));
  for (const auto& v : values) {
    harness.push({{{field, T(v)}}});
  }
  harness.end();
  REQUIRE(harness.rows().size() == 1);
  return harness.rows()[0][0].second;
}

}  // namespace

TEST_CASE("reduce gives the key fields and then the aggregates, in the order of the file") {
  CHECK(reduced({{"z", "count()"}, {"total", "sum(i)"}, {"a", " max ( i ) "}},
                {{{"k", "b"}, {"i", 2}}, {{"k", "a"}, {"i", -1}}, {{"k", "b"}, {"i", 5}}}) ==
        Lines{R"({"k":"a","z":1,"total":-1,"a":-1})", R"({"k":"b","z":2,"total":7,"a":5})"});
}

TEST_CASE("reduce takes every value as a key and keys of several fields") {
  CHECK(reduced({{"n", "count()"}}, {{{"k", ""}}, {{"k", std::string(1, '\0')}}, {{"k", ""}}}) ==
        Lines{R"({"k":"","n":2})", R"({"k":"\u0000","n":1})"});
  CHECK(reduced({{"n", "count()"}, {"s", "collect(s)"}},
                {{{"b", false}, {"k", ""}, {"s", "p"}},
                 {{"b", true}, {"k", "x"}, {"s", "q"}},
                 {{"b", false}, {"k", ""}, {"s", "r"}}},
                {"b", "k"}) == Lines{R"({"b":false,"k":"","n":2,"s":["p","r"]})",
                                     R"({"b":true,"k":"x","n":1,"s":["q"]})"});
  CHECK(reduced({{"n", "count()"}}, {{{"x", 0.0}}, {{"x", -0.0}}, {{"x", kNan}}, {{"x", -kNan}}},
                {"x"}) == Lines{R"({"x":0,"n":2})", R"({"x":null,"n":2})"});
}

TEST_CASE("reduce without a key gives one row, and none where there was no record") {
  CHECK(reduced({{"n", "count()"}, {"all", "collect(i)"}}, {{{"i", 3}}, {{"i", 4}}}, {}) ==
        Lines{R"({"n":2,"all":[3,4]})"});
  CHECK(reduced({{"n", "count()"}}, {}, {}).empty());
}

TEST_CASE("reduce gives a row per record, with its event time, when it is to emit updates") {
  Setup updates = setup({{"n", "count()"}, {"last", "last(s)"}});
  updates.options.emplace_back("emit", "update");
  Harness harness(loaded("agg/reduce"), updates);
  harness.push({{{"k", "a"}, {"s", "1"}}, {{"k", "b"}, {"s", "2"}}, {{"k", "a"}, {"s", ""}}},
               {10, 20, 30});
  CHECK(harness.json() == Lines{R"({"k":"a","n":1,"last":"1"})", R"({"k":"b","n":1,"last":"2"})",
                                R"({"k":"a","n":2,"last":""})"});
  CHECK(harness.output()[2].ts == 30);
  harness.end();
  CHECK(harness.json().size() == 3);
}

TEST_CASE("reduce emits updates of unbounded input unless it is told otherwise") {
  Setup unbounded = setup({{"n", "count()"}});
  unbounded.place.bounded = false;
  Harness harness(loaded("agg/reduce"), unbounded);
  harness.push({{{"k", "a"}}});
  CHECK(harness.json().size() == 1);
  unbounded.options.emplace_back("emit", "end");
  Harness at_end(loaded("agg/reduce"), unbounded);
  at_end.push({{{"k", "a"}}});
  CHECK(at_end.json().empty());
  at_end.end();
  CHECK(at_end.json().size() == 1);
}

TEST_CASE("sum of int64 is exact up to both ends of its range") {
  CHECK(value<std::int64_t>("sum(i)", "i", {kMax, kMin, kMax, 1}) == kMax);
  CHECK(value<std::int64_t>("sum(i)", "i", {kMax - 1, 1}) == kMax);
  CHECK(value<std::int64_t>("sum(i)", "i", {kMin + 1, -1}) == kMin);
  CHECK(value<std::int64_t>("min(i)", "i", {kMax, kMin, 0}) == kMin);
  CHECK(value<std::int64_t>("max(i)", "i", {kMin, kMax, 0}) == kMax);
}

TEST_CASE("a record that would make a sum overflow changes no aggregate of its key") {
  const bool high = GENERATE(true, false);
  const std::int64_t limit = high ? kMax : kMin;
  const std::int64_t step = high ? 1 : -1;
  Harness harness(loaded("agg/reduce"), setup({{"n", "count()"},
                                               {"x", "sum(x)"},
                                               {"total", "sum(i)"},
                                               {"mean", "avg(x)"},
                                               {"lo", "min(i)"},
                                               {"hi", "max(i)"},
                                               {"first", "first(s)"},
                                               {"last", "last(s)"},
                                               {"all", "collect(s)"},
                                               {"best", "top(2, s)"}}));
  harness.push({{{"k", "a"}, {"i", limit - step}, {"x", 1.0}, {"s", "p"}},
                {{"k", "a"}, {"i", 2 * step}, {"x", 8.0}, {"s", "z"}},
                {{"k", "b"}, {"i", limit}, {"x", 1.0}, {"s", "q"}},
                {{"k", "a"}, {"i", step}, {"x", 3.0}, {"s", "r"}}});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].index == 1);
  CHECK(harness.rejects()[0].code == SAGE_E_RANGE);
  CHECK_THAT(harness.rejects()[0].message, Catch::Contains("'total'") && Catch::Contains("'i'"));
  harness.end();
  REQUIRE(harness.rows().size() == 2);
  CHECK(harness.rows()[0] == Fields{{"k", "a"},
                                    {"n", 2},
                                    {"x", 4.0},
                                    {"total", limit},
                                    {"mean", 2.0},
                                    {"lo", high ? 1 : kMin + 1},
                                    {"hi", high ? kMax - 1 : -1},
                                    {"first", "p"},
                                    {"last", "r"},
                                    {"all", ListOfText{"p", "r"}},
                                    {"best", ListOfText{"r", "p"}}});
}

TEST_CASE("rejected records give no update") {
  Setup updates = setup({{"total", "sum(i)"}});
  updates.options.emplace_back("emit", "update");
  Harness harness(loaded("agg/reduce"), updates);
  harness.push({{{"k", "a"}, {"i", kMax}}, {{"k", "a"}, {"i", 1}}, {{"k", "a"}, {"i", -1}}});
  CHECK(harness.rejects().size() == 1);
  CHECK(harness.rows() == Rows{{{"k", "a"}, {"total", kMax}}, {{"k", "a"}, {"total", kMax - 1}}});
}

TEST_CASE("reduce ends its call where the stage fails at the first record error") {
  Setup failing = setup({{"total", "sum(i)"}});
  failing.place.fail_on_reject = true;
  Harness harness(loaded("agg/reduce"), failing);
  CHECK_THROWS_AS(harness.push({{{"k", "a"}, {"i", kMax}}, {{"k", "a"}, {"i", 1}}}), sage::Failure);
}

TEST_CASE("avg is float64, and exact sums of whole numbers stand behind it") {
  CHECK(value<std::int64_t>("avg(i)", "i", {1, 2}) == 1.5);
  CHECK(value<std::int64_t>("avg(i)", "i", {kMax, kMax, kMin, kMin}) == -0.5);
  CHECK(value<std::int64_t>("avg(i)", "i", {kMax, kMax}) == static_cast<double>(kMax));
  CHECK(value<double>("avg(x)", "x", {1.5, 2.5, -1.0}) == 1.0);
}

TEST_CASE("sums of float64 follow IEEE 754") {
  CHECK(value<double>("sum(x)", "x", {0.1, 0.2}) == 0.1 + 0.2);
  CHECK(value<double>("sum(x)", "x", {1e308, 1e308}) == kInf);
  CHECK(std::isnan(value<double>("sum(x)", "x", {kInf, -kInf}).real()));
  CHECK(std::isnan(value<double>("avg(x)", "x", {1.0, kNan}).real()));
}

TEST_CASE("min and max skip NaN unless there is nothing else") {
  CHECK(value<double>("min(x)", "x", {kNan, 3.0, -kInf, kNan}) == -kInf);
  CHECK(value<double>("max(x)", "x", {kNan, 3.0, kInf, kNan}) == kInf);
  CHECK(value<double>("max(x)", "x", {-kInf, kNan}) == -kInf);
  CHECK(value<double>("min(x)", "x", {kNan, kInf}) == kInf);
  CHECK(std::isnan(value<double>("min(x)", "x", {kNan, -kNan}).real()));
  CHECK(std::isnan(value<double>("max(x)", "x", {kNan}).real()));
}

TEST_CASE("min and max hold -0.0 below 0.0, whichever came first") {
  const auto negative = [](const char* call, std::vector<double> values) {
    return std::signbit(value<double>(call, "x", std::move(values)).real());
  };
  CHECK(negative("min(x)", {0.0, -0.0}));
  CHECK(negative("min(x)", {-0.0, 0.0}));
  CHECK_FALSE(negative("max(x)", {0.0, -0.0}));
  CHECK_FALSE(negative("max(x)", {-0.0, 0.0}));
}

TEST_CASE("min and max compare texts and data by bytes, bools and timestamps by value") {
  CHECK(value<std::string>("min(s)", "s", {"b", "a\xff", "\xc3\xa4", "ab"}) == "ab");
  CHECK(value<std::string>("max(s)", "s", {"b", "\xc3\xa4", ""}) == "\xc3\xa4");
  CHECK(value<std::string>("min(s)", "s", {"b", "", "a"}) == "");
  CHECK(value<std::string>("max(d)", "d", {std::string("a\0", 2), "a"}) == std::string("a\0", 2));
  CHECK(value<bool>("min(b)", "b", {true, false, true}) == false);
  CHECK(value<bool>("max(b)", "b", {false, true, false}) == true);
  CHECK(value<sage::Timestamp>("max(t)", "t", {{-5}, {kMax}, {7}}) == kMax);
}

TEST_CASE("first and last keep values of every type") {
  const Fields one = {{"k", "a"},
                      {"i", 1},
                      {"x", kInf},
                      {"s", "one"},
                      {"t", 5},
                      {"b", true},
                      {"d", std::string("\0\xff", 2)},
                      {"ls", ListOfText{"", "p"}},
                      {"li", ListOfInt{1, kMin}},
                      {"lx", ListOfReal{0.5}},
                      {"lf", ListOfReal{0.25, 2, 3}}};
  const Fields two = {{"k", "a"},          {"i", 2},
                      {"x", -1.5},         {"s", ""},
                      {"t", -6},           {"b", false},
                      {"d", ""},           {"ls", ListOfText{}},
                      {"li", ListOfInt{}}, {"lx", ListOfReal{1, 2, 3}},
                      {"lf", ListOfReal{}}};
  const std::string function = GENERATE("first", "last");
  OptionTable aggregates;
  Rows want(1);
  for (std::size_t f = 1; f < kFields.size(); ++f) {
    const std::string& name = kFields[f].name;
    std::string call = function;
    aggregates.emplace_back("v_" + name, call.append("(").append(name).append(")"));
    want[0].emplace_back("v_" + name, (function == "first" ? one : two)[f].second);
  }
  Harness harness(loaded("agg/reduce"), setup(aggregates, {}));
  harness.push({one});
  harness.push({two});
  harness.end();
  CHECK(harness.rows() == want);
}

TEST_CASE("collect lists all values in the order of arrival") {
  CHECK(value<std::string>("collect(s)", "s", {"b", "", "a", "b"}) ==
        ListOfText{"b", "", "a", "b"});
  CHECK(value<std::int64_t>("collect(i)", "i", {3, kMin, 3}) == ListOfInt{3, kMin, 3});
  CHECK(value<double>("collect(x)", "x", {0.5, -1, kInf}) == ListOfReal{0.5, -1, kInf});
}

TEST_CASE("top lists the largest values, largest first, each as often as it came") {
  CHECK(value<std::int64_t>("top(3, i)", "i", {5, 1, kMax, 5, 5, kMin}) == ListOfInt{kMax, 5, 5});
  CHECK(value<std::int64_t>("top(3, i)", "i", {1, 2}) == ListOfInt{2, 1});
  CHECK(value<std::int64_t>("top(1, i)", "i", {1, 3, 2}) == ListOfInt{3});
  CHECK(value<std::string>("top(2, s)", "s", {"a", "", "longer text", "b"}) ==
        ListOfText{"longer text", "b"});
  CHECK(value<std::string>("top(3, s)", "s", {"a", "z", "a", ""}) == ListOfText{"z", "a", "a"});
  CHECK(value<double>("top(3, x)", "x", {kNan, -kInf, 1.5, kInf}) == ListOfReal{kInf, 1.5, -kInf});
  const ListOfReal with_nan = value<double>("top(2, x)", "x", {kNan, 1, kNan}).reals();
  CHECK((with_nan[0] == 1 && std::isnan(with_nan[1])));
}
