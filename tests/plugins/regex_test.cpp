#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <catch2/catch.hpp>

namespace {

using Catch::Contains;
using sage::Type;
using sage::test::loaded;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using sage::testkit::Rows;
using Lines = std::vector<std::string>;

constexpr const char* kRequest = R"((?P<verb>[A-Z]+) (?P<path>/\S*)(?: (?P<status>\d+))?)";

Harness regex(OptionTable options) {
  return {
      loaded("text/regex"),
      {.options = std::move(options), .inputs = {{{"id", Type::kInt64}, {"line", Type::kText}}}}};
}

Lines matched(OptionTable options, const std::string& line) {
  Harness harness = regex(std::move(options));
  harness.push({{{"id", 1}, {"line", line}}});
  return harness.json();
}

}  // namespace

TEST_CASE("regex makes a text field of each named group, behind the fields of the input") {
  CHECK(matched({{"pattern", kRequest}}, "-- GET /a 200") ==
        Lines{R"({"id":1,"line":"-- GET /a 200","verb":"GET","path":"/a","status":"200"})"});
}

TEST_CASE("regex keeps the order of the groups, whatever their names, and skips unnamed ones") {
  CHECK(matched({{"pattern", "(?P<z>.)(.)(?P<a>.)((.))(?P<m>.)"}}, "123456") ==
        Lines{R"({"id":1,"line":"123456","z":"1","a":"3","m":"5"})"});
}

TEST_CASE("regex gives the empty text for a group that took no part") {
  CHECK(matched({{"pattern", kRequest}}, "GET /a") ==
        Lines{R"({"id":1,"line":"GET /a","verb":"GET","path":"/a","status":""})"});
}

TEST_CASE("regex takes the first match, anywhere unless the pattern is tied to the ends") {
  CHECK(matched({{"pattern", "(?P<n>\\d+)"}}, "a 12 b 34") ==
        Lines{R"({"id":1,"line":"a 12 b 34","n":"12"})"});
  CHECK(matched({{"pattern", "^(?P<n>\\d+)"}}, "a 12").empty());
}

TEST_CASE("regex drops, keeps or rejects what does not match") {
  const Rows rows = {
      {{"id", 1}, {"line", "x"}}, {{"id", 2}, {"line", "7"}}, {{"id", 3}, {"line", ""}}};
  SECTION("drop is the default") {
    Harness harness = regex({{"pattern", "(?P<n>\\d)"}});
    harness.push(rows);
    CHECK(harness.json() == Lines{R"({"id":2,"line":"7","n":"7"})"});
    CHECK(harness.rejects().empty());
  }
  SECTION("keep leaves the new fields empty") {
    Harness harness = regex({{"pattern", "(?P<n>\\d)"}, {"on_no_match", "keep"}});
    harness.push(rows);
    CHECK(harness.json() == Lines{R"({"id":1,"line":"x","n":""})", R"({"id":2,"line":"7","n":"7"})",
                                  R"({"id":3,"line":"","n":""})"});
  }
  SECTION("error names the field and the pattern") {
    Harness harness = regex({{"pattern", "(?P<n>\\d)"}, {"on_no_match", "error"}});
    harness.push(rows);
    CHECK(harness.json() == Lines{R"({"id":2,"line":"7","n":"7"})"});
    REQUIRE(harness.rejects().size() == 2);
    CHECK(harness.rejects()[0].index == 0);
    CHECK(harness.rejects()[1].index == 2);
    CHECK(harness.rejects()[0].code == SAGE_E_DATA);
    CHECK_THAT(harness.rejects()[0].message, Contains("'line'") && Contains("(?P<n>\\d)"));
  }
}

TEST_CASE("regex without named groups filters, and leaves the records as they are") {
  CHECK(matched({{"pattern", "a+(b)?"}}, "xaay") == Lines{R"({"id":1,"line":"xaay"})"});
  CHECK(matched({{"pattern", "a"}}, "xyz").empty());
  CHECK_THROWS_WITH(regex({{"pattern", "a"}, {"on_no_match", "keep"}}),
                    Contains("no named groups"));
}

TEST_CASE("regex matches whole characters of UTF-8, and text around bytes that are none") {
  CHECK(matched({{"pattern", "^(?P<c>.)$"}}, "\xc3\x84") ==
        Lines{"{\"id\":1,\"line\":\"\xc3\x84\",\"c\":\"\xc3\x84\"}"});
  CHECK(matched({{"pattern", "^.$"}}, "\xff").empty());
  Harness harness = regex({{"pattern", "(?P<n>\\d+)"}});
  harness.push({{{"id", 1}, {"line", "\xff 42 \xfe"}}});
  REQUIRE(harness.rows().size() == 1);
  CHECK(harness.rows()[0][1].second.text() == "\xff 42 \xfe");
  CHECK(harness.rows()[0][2].second.text() == "42");
}

TEST_CASE("regex finds NUL bytes and keeps the event time") {
  Harness harness = regex({{"pattern", "a(?P<rest>.*)"}});
  harness.push({{{"id", 1}, {"line", std::string("xa\0b", 4)}}}, {77});
  REQUIRE(harness.rows().size() == 1);
  CHECK(harness.rows()[0][2].second.text() == std::string("\0b", 2));
  CHECK(harness.output()[0].ts == 77);
}

TEST_CASE("regex refuses patterns that cannot be or whose groups cannot be fields") {
  CHECK_THROWS_WITH(regex({{"pattern", "("}}), Contains("does not parse"));
  CHECK_THROWS_WITH(regex({{"pattern", "(?P<a>.)(?P<a>.)"}}),
                    Contains("two groups have the name 'a'"));
  CHECK_THROWS_WITH(regex({{"pattern", "(?P<id>.)"}}), Contains("a field 'id' of its own"));
  CHECK_THROWS_WITH(regex({{"pattern", "(?P<1a>.)"}}), Contains("'1a' cannot name a field"));
  CHECK_THROWS_WITH(regex({{"pattern", "a"}, {"field", "id"}}), Contains("is int64, not text"));
  CHECK_THROWS(regex({}));
}

TEST_CASE("regex rejects a record that its groups would make too long, and goes on") {
  Harness harness = regex({{"pattern", "(?P<all>.*)"}});
  harness.push({{{"id", 1}, {"line", std::string(9 << 20, 'x')}}, {{"id", 2}, {"line", "y"}}});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].code == SAGE_E_TOO_LARGE);
  CHECK(harness.json() == Lines{R"({"id":2,"line":"y","all":"y"})"});
}
