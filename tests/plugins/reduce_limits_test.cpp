// What agg/reduce refuses: in its options, and records that would make an output too long.
#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <catch2/catch.hpp>

namespace {

using Catch::Contains;
using sage::Type;
using sage::test::loaded;
using sage::testkit::Harness;
using sage::testkit::ListOfText;
using sage::testkit::OptionTable;
using sage::testkit::OptionValue;
using sage::testkit::Setup;

constexpr std::size_t kMiB = 1u << 20;

const std::vector<sage::FieldSpec> kFields = {
    {"k", Type::kText}, {"i", Type::kInt64}, {"s", Type::kText},       {"when", Type::kTimestamp},
    {"b", Type::kBool}, {"d", Type::kData},  {"li", Type::kListInt64}, {"lf", Type::kListFloat32}};

Setup setup(OptionTable aggregates, std::vector<std::string> keys = {"k"}) {
  return {.options = {{"aggregate", OptionValue(std::move(aggregates))}},
          .inputs = {kFields},
          .keys = std::move(keys)};
}

sage::testkit::Plan lint(const Setup& setup) {
  const sage_operator& op = *loaded("agg/reduce");
  const sage::testkit::Options options(op, setup.options);
  return sage::testkit::resolve(op, options, setup);
}

std::string error_of(const std::string& name, const std::string& call) {
  const auto errors = lint(setup({{name, call}})).errors;
  return errors.empty() ? "" : errors.front();
}

}  // namespace

TEST_CASE("reduce refuses what is no call of a function it has") {
  CHECK(error_of("a", "count()").empty());
  CHECK(error_of("a", "summ(i)") ==
        "aggregate.a: there is no function 'summ' (did you mean 'sum'?)");
  CHECK_THAT(error_of("a", "median(i)"), Contains("known: count, sum"));
  CHECK_THAT(error_of("a", "sum"), Contains("'sum' is not a call") && Contains("'sum(x)'"));
  CHECK_THAT(error_of("a", ""), Contains("is not a call"));
  CHECK_THAT(error_of("a", "sum(i"), Contains("is not a call"));
  CHECK_THAT(error_of("a", "(i)"), Contains("there is no function ''"));
}

TEST_CASE("reduce refuses calls with too few or too many arguments") {
  CHECK(error_of("a", "sum()") == "aggregate.a: sum takes 1 argument, not 0 (as in 'sum(x)')");
  CHECK_THAT(error_of("a", "count(*)"), Contains("count takes 0 arguments, not 1"));
  CHECK_THAT(error_of("a", "min(i, i)"), Contains("min takes 1 argument, not 2"));
  CHECK_THAT(error_of("a", "top(i)"), Contains("top takes 2 arguments, not 1"));
  for (const char* n : {"0", "-1", "1.5", "x", "10001", "99999999999", ""}) {
    CHECK_THAT(error_of("a", "top(" + std::string(n) + ", i)"), Contains("is not a number of"));
  }
  CHECK(error_of("a", "top(10000,i)").empty());
}

TEST_CASE("reduce refuses fields that are not there or of a type the function does not take") {
  CHECK_THAT(error_of("a", "max(whne)"), Contains("did you mean 'when'?"));
  CHECK(error_of("a", "max(wen)") ==
        "aggregate.a: the input has no field 'wen' (did you mean 'when'?)");
  CHECK(error_of("a", "sum(s)") ==
        "aggregate.a: field 's' is text, which sum does not take (it takes int64 or float64)");
  CHECK_THAT(error_of("a", "sum(i * 2)"), Contains("'i * 2' is not the name of a field"));
  for (const char* call :
       {"sum(when)", "sum(b)", "avg(s)", "min(li)", "max(lf)", "collect(when)", "collect(b)",
        "collect(d)", "collect(li)", "top(1, when)", "top(1, d)"}) {
    CHECK_THAT(error_of("a", call), Contains("does not take"));
  }
}

TEST_CASE("reduce refuses names that are taken, cannot name a field, or are none at all") {
  CHECK(error_of("k", "count()") ==
        "aggregate.k: 'k' is the name of a key field (give the aggregate another name)");
  CHECK(error_of("i", "count()").empty());
  CHECK_THAT(error_of("a-b", "count()"), Contains("'a-b' cannot name a field"));
  CHECK_THAT(lint(setup({})).errors.at(0), Contains("there is no aggregate"));
  CHECK_THROWS(lint({.inputs = {kFields}}));
  CHECK(lint(setup({{"x", "sum(s)"}, {"y", "count"}})).errors.size() == 2);
}

TEST_CASE("reduce refuses intervals, which need event time") {
  Setup interval = setup({{"n", "count()"}});
  interval.options.emplace_back("emit", "10s");
  CHECK_THAT(lint(interval).errors.at(0), Contains("emit:") && Contains("event time"));
}

TEST_CASE("reduce has one instance where it has no key") {
  CHECK(lint(setup({{"n", "count()"}}, {})).max_parallelism == 1);
  CHECK(lint(setup({{"n", "count()"}})).max_parallelism == 0);
}

TEST_CASE("reduce takes more aggregates than fit a slot of the host") {
  OptionTable many;
  for (int i = 0; i < 600; ++i) {
    many.emplace_back("a" + std::to_string(i), "sum(i)");
  }
  Harness harness(loaded("agg/reduce"), setup(many));
  harness.push({{{"k", "a"}, {"i", 2}}, {{"k", "b"}, {"i", 5}}, {{"k", "a"}, {"i", 1}}});
  harness.end();
  REQUIRE(harness.rows().size() == 2);
  CHECK(harness.rows()[0][600].second == 3);
  CHECK(harness.rows()[1][1].second == 5);
}

TEST_CASE("reduce limits how many aggregates of one stage may grow") {
  OptionTable many;
  for (int i = 0; i < 33; ++i) {
    many.emplace_back("a" + std::to_string(i), "last(s)");
  }
  CHECK_THAT(lint(setup(many)).errors.at(0), Contains("more than 32 aggregates"));
  many.pop_back();
  CHECK(lint(setup(many)).errors.empty());
}

TEST_CASE("a record that would make its key's output exceed 16 MiB is refused when it comes") {
  const bool unkeyed = GENERATE(false, true);
  const std::vector<std::string> keys(unkeyed ? 0 : 1, "k");
  Harness harness(
      loaded("agg/reduce"),
      setup({{"n", "count()"}, {"sum", "sum(i)"}, {"all", "collect(s)"}, {"hi", "max(s)"}}, keys));
  const std::string text(kMiB, 'x');
  for (int i = 0; i < 20; ++i) {
    harness.push({{{"k", "a"}, {"i", 1}, {"s", text}}});
  }
  harness.push({{{"k", "a"}, {"i", 1}, {"s", "small"}}});
  // Of 16 MiB, 14 texts of the list and the largest one leave less than 1 MiB.
  CHECK(harness.rejects().size() == 6);
  CHECK(harness.rejects()[0].code == SAGE_E_TOO_LARGE);
  CHECK_THAT(harness.rejects()[0].message, Contains("16 MiB"));
  harness.end();
  REQUIRE(harness.rows().size() == 1);
  const sage::testkit::Fields row = harness.rows()[0];
  const std::size_t first = unkeyed ? 0 : 1;
  CHECK(row[first].second == 15);
  CHECK(row[first + 1].second == 15);
  ListOfText want(14, text);
  want.emplace_back("small");
  CHECK(row[first + 2].second == want);
  CHECK(row[first + 3].second == text);
}

TEST_CASE("reduce fills an output record to the last byte") {
  // The struct of {k, all}: two pointers. A list of one text: its pointer, the text with its NUL.
  constexpr std::size_t kRoom = 16 * kMiB - 16 - 8;
  const std::size_t key = 1000;  // with its NUL, 1008 bytes
  for (const std::size_t excess : {0, 1}) {
    Harness harness(loaded("agg/reduce"), setup({{"all", "collect(s)"}}));
    harness.push({{{"k", std::string(key, 'k')}, {"s", std::string(8 * kMiB - 8, 'x')}}});
    const std::size_t rest = kRoom - 1008 - 8 * kMiB - 8;
    harness.push({{{"k", std::string(key, 'k')}, {"s", std::string(rest - 1 + excess, 'y')}}});
    CHECK(harness.rejects().size() == excess);
    harness.end();
    REQUIRE(harness.output().size() == 1);
    CHECK((harness.output()[0].payload.size() == 16 * kMiB) == (excess == 0));
  }
}

TEST_CASE("a key that does not fit beside its aggregates is refused, too") {
  Harness harness(loaded("agg/reduce"),
                  {.options = {{"aggregate", OptionTable{{"n", "count()"}, {"m", "sum(i)"}}}},
                   .inputs = {{{"k", Type::kText}, {"i", Type::kInt64}}},
                   .keys = {"k"}});
  harness.push({{{"k", std::string(16 * kMiB - 16 - 1, 'k')}, {"i", 1}}});
  harness.push({{{"k", std::string(16 * kMiB - 24 - 1, 'k')}, {"i", 1}}});
  CHECK(harness.rejects().size() == 1);
  harness.end();
  CHECK(harness.rows().size() == 1);
}

TEST_CASE("a key all of whose records were refused has no row") {
  Harness harness(loaded("agg/reduce"), setup({{"a", "last(s)"}, {"b", "first(s)"}}));
  harness.push({{{"k", "a"}, {"s", std::string(9 * kMiB, 'x')}}, {{"k", "b"}, {"s", "y"}}});
  CHECK(harness.rejects().size() == 1);
  harness.end();
  CHECK(harness.json() == std::vector<std::string>{R"({"k":"b","a":"y","b":"y"})"});
}

TEST_CASE("reduce hands on large rows in pieces of a call") {
  for (const char* emit : {"end", "update"}) {
    Setup large = setup({{"s", "last(s)"}});
    large.options.emplace_back("emit", emit);
    Harness harness(loaded("agg/reduce"), large);
    sage::testkit::Rows rows;
    for (int i = 0; i < 10; ++i) {
      rows.push_back({{"k", "k" + std::to_string(i)}, {"s", std::string(9 * kMiB, 'x')}});
    }
    harness.push(rows);
    harness.end();
    CHECK(harness.rows().size() == 10);
  }
}
