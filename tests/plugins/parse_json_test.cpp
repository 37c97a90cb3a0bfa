#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::OptionList;
using sage::testkit::OptionTable;
using sage::testkit::OptionValue;
using Lines = std::vector<std::string>;

const std::vector<sage::FieldSpec> kLine = {{"line", Type::kText}};

// What came of one text: the row as JSON, or the error.
std::string parse(const std::string& text, OptionTable fields) {
  Harness harness(loaded("record/parse_json"),
                  {.options = {{"fields", std::move(fields)}}, .inputs = {kLine}});
  harness.push({{{"line", text}}});
  REQUIRE(harness.rejects().size() + harness.rows().size() == 1);
  return harness.rejects().empty() ? harness.json()[0] : harness.rejects()[0].message;
}

// The only field of the only row.
sage::testkit::Value value(const std::string& text, const char* type) {
  Harness harness(loaded("record/parse_json"),
                  {.options = {{"fields", OptionTable{{"x", type}}}}, .inputs = {kLine}});
  harness.push({{{"line", "{\"x\":" + text + "}"}}});
  REQUIRE(harness.rejects().empty());
  return harness.rows()[0][0].second;
}

std::string error(const std::string& text, const char* type) {
  const std::string result = parse("{\"x\":" + text + "}", {{"x", type}});
  REQUIRE(result.find('{') == std::string::npos);
  return result;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// The lint errors.
Lines errors(OptionTable options) {
  const sage_operator& op = *loaded("record/parse_json");
  const sage::testkit::Options given(op, options);
  return sage::testkit::resolve(op, given, {.options = options, .inputs = {kLine}}).errors;
}
Lines field_errors(OptionTable fields) { return errors({{"fields", std::move(fields)}}); }

OptionTable with_default(const char* type, OptionValue value) {
  return {{"x", OptionTable{{"type", type}, {"default", std::move(value)}}}};
}

}  // namespace

TEST_CASE("parse_json makes the fields that are named, in their order") {
  CHECK(parse(R"( {"z":1,"b":true,"other":{"a":[1,{}]},"a":"x"} )",
              {{"a", "text"}, {"b", "bool"}, {"z", "int64"}}) == R"({"a":"x","b":true,"z":1})");
}

TEST_CASE("parse_json reads every type") {
  CHECK(
      parse(R"({"b":false,"i":-5,"f":0.1,"t":"\u00e9\n","d":"AAH/","ts":"2026-01-02T03:04:05+01:00",
               "lt":["a",""],"li":[1,2],"lf":[0.5,1e3],"l32":[0.1],"e":[]})",
            {{"b", "bool"},
             {"i", "int64"},
             {"f", "float64"},
             {"t", "text"},
             {"d", "data"},
             {"ts", "timestamp"},
             {"lt", "list<text>"},
             {"li", "list<int64>"},
             {"lf", "list<float64>"},
             {"l32", "list<float32>"},
             {"e", "list<int64>"}}) ==
      R"({"b":false,"i":-5,"f":0.1,"t":"é\n","d":"AAH/","ts":"2026-01-02T02:04:05Z",)"
      R"("lt":["a",""],"li":[1,2],"lf":[0.5,1000],"l32":[0.1],"e":[]})");
}

TEST_CASE("parse_json takes an int64 exactly or not at all") {
  CHECK(value("9007199254740993", "int64").integer() == 9007199254740993);
  CHECK(value("9223372036854775807", "int64").integer() == 9223372036854775807);
  CHECK(value("-9223372036854775808", "int64").integer() ==
        std::numeric_limits<std::int64_t>::min());
  CHECK(value("-0", "int64").integer() == 0);
  CHECK(contains(error("9223372036854775808", "int64"), "out of the range of int64"));
  CHECK(contains(error("-9223372036854775809", "int64"), "out of the range of int64"));
  CHECK(contains(error("123456789012345678901234567890", "int64"), "out of the range"));
  for (const char* const text : {"1.0", "1e3", "1E0", "0.5", "\"1\"", "true", "01", "+1", "0x1"}) {
    CAPTURE(text);
    CHECK(contains(error(text, "int64"), "field 'x': int64"));
  }
}

TEST_CASE("parse_json takes a float64 as the nearest double") {
  CHECK(value("0.1", "float64").real() == 0.1);
  CHECK(value("5", "float64").real() == 5.0);
  CHECK(value("9007199254740993", "float64").real() == 9007199254740992.0);
  CHECK(value("123456789012345678901234567890", "float64").real() == 1.2345678901234568e29);
  CHECK(value("1.7976931348623157e308", "float64").real() == std::numeric_limits<double>::max());
  CHECK(value("5e-324", "float64").real() == std::numeric_limits<double>::denorm_min());
  CHECK(value("1e-400", "float64").real() == 0);
  CHECK(std::signbit(value("-0.0", "float64").real()));
  CHECK(std::signbit(value("-0", "float64").real()));
  CHECK(contains(error("1e400", "float64"), "1e400 is out of the range of float64"));
  CHECK(contains(error("-1e400", "float64"), "out of the range of float64"));
  for (const char* const text : {"NaN", "Infinity", "\"1\"", ".5", "1.", "1e", "true"}) {
    CAPTURE(text);
    CHECK(contains(error(text, "float64"), "field 'x': a number wanted"));
  }
}

TEST_CASE("parse_json rounds a float32 once and refuses what is too large for it") {
  CHECK(value("[16777217, 0.1, -0.0, 1e-60]", "list<float32>") ==
        sage::testkit::ListOfReal{16777216, static_cast<double>(0.1F), -0.0, 0});
  CHECK(contains(error("[1e39]", "list<float32>"), "1e39 is out of the range of float32"));
}

TEST_CASE("parse_json takes nothing but true and false for a bool") {
  CHECK(value("true", "bool").boolean());
  for (const char* const text : {"0", "\"true\"", "True", "truex", "[]"}) {
    CHECK(contains(error(text, "bool"), "field 'x': true or false wanted"));
  }
}

TEST_CASE("parse_json unescapes texts, NUL included, and refuses half a surrogate pair") {
  CHECK(value(R"("a\u0000b")", "text").text() == std::string("a\0b", 3));
  CHECK(value(R"("\ud83d\ude00\"\\\/\b\f\n\r\t")", "text").text() ==
        "\xf0\x9f\x98\x80\"\\/\b\f\n\r\t");
  CHECK(value(R"("\\ud800")", "text").text() == "\\ud800");
  for (const char* const text : {R"("\ud800")", R"("\udc00")", R"("\ud800\ud800")", R"("\ud800x")",
                                 R"("\uD83Dx\ude00")", R"("\x")", R"("\u12")"}) {
    CAPTURE(text);
    CHECK(contains(error(text, "text"), "not a JSON object"));
    CHECK(contains(parse("{\"y\":" + std::string(text) + "}", {{"x", "text"}}), "not a JSON"));
  }
  CHECK(contains(error("5", "text"), "field 'x': a text wanted, found 5"));
}

TEST_CASE("parse_json takes data in base64, padded and nothing around it") {
  CHECK(value(R"("")", "data").text().empty());
  CHECK(value(R"("AA==")", "data").text() == std::string(1, '\0'));
  CHECK(value(R"("\u0041A==")", "data").text() == std::string(1, '\0'));
  CHECK(value(R"("/+8=")", "data").text() == "\xff\xef");
  for (const char* const text : {"\"A\"", "\"AA\"", "\"AA=\"", "\"AB==\"", "\"AAB=\"",
                                 "\"AA==AA==\"", "\" AA==\"", "\"====\"", "\"A===\"", "\"_-8=\""}) {
    CAPTURE(text);
    CHECK(contains(error(text, "data"), "base64 wanted"));
  }
}

TEST_CASE("parse_json takes timestamps as RFC 3339 texts with any offset") {
  CHECK(value(R"("1970-01-01T00:00:00.000000001Z")", "timestamp").integer() == 1);
  CHECK(value(R"("1970-01-01T00:00:00-00:01")", "timestamp").integer() == 60'000'000'000);
  CHECK(contains(error("0", "timestamp"), "a timestamp in RFC 3339 wanted"));
  for (const char* const text :
       {"\"2026-01-02\"", "\"2026-02-30T00:00:00Z\"", "\"\"", "\"1600-01-01T00:00:00Z\""}) {
    CHECK(contains(error(text, "timestamp"), "a timestamp in RFC 3339 (years 1677 to 2262"));
  }
}

TEST_CASE("parse_json never rounds a timestamp: finer ones and leap seconds are record errors") {
  CHECK(value(R"("1970-01-01T00:00:00.999999999Z")", "timestamp").integer() == 999'999'999);
  CHECK(contains(error(R"("1970-01-01T00:00:00.9999999999Z")", "timestamp"), "at most 9 digits"));
  CHECK(contains(error(R"("2016-12-31T23:59:60Z")", "timestamp"), "no second 60"));
}

TEST_CASE("parse_json makes what is not UTF-8 a record error, wherever it stands") {
  CHECK(value("\"\xc3\xa9\"", "text").text() == "\xc3\xa9");
  for (const char* const text : {"{\"x\":\"\xff\"}", "{\"x\":\"a\",\"other\":\"\xc3\"}",
                                 "{\"x\":\"a\",\"\xed\xa0\x80\":1}"}) {
    CAPTURE(text);
    CHECK(parse(text, {{"x", "text"}}) == "not a JSON object: The input is not valid UTF-8");
  }
}

TEST_CASE("parse_json checks lists item by item") {
  CHECK(contains(error("[1,2.5]", "list<int64>"), "int64"));
  CHECK(contains(error("[1,null]", "list<int64>"), "found null"));
  CHECK(contains(error("[[1]]", "list<int64>"), "found a list"));
  CHECK(contains(error("[1]", "list<text>"), "found 1"));
  CHECK(contains(error("1", "list<int64>"), "list<int64> wanted, found 1"));
  CHECK(contains(error("[1,]", "list<int64>"), "field 'x'"));
  CHECK(contains(error("[1 2]", "list<int64>"), "not a JSON object"));
}

TEST_CASE("parse_json fills in defaults for missing and null members, of every type") {
  for (const char* const text : {"{}", R"({"x":null})"}) {
    CHECK(parse(text, with_default("bool", true)) == R"({"x":true})");
    CHECK(parse(text, with_default("int64", 7)) == R"({"x":7})");
    CHECK(parse(text, with_default("float64", 1)) == R"({"x":1})");
    CHECK(parse(text, with_default("text", "")) == R"({"x":""})");
    CHECK(parse(text, with_default("data", "AAH/")) == R"({"x":"AAH/"})");
    CHECK(parse(text, with_default("timestamp", "1970-01-01T00:00:01Z")) ==
          R"({"x":"1970-01-01T00:00:01Z"})");
    CHECK(parse(text, with_default("list<text>", OptionList{"a"})) == R"({"x":["a"]})");
    CHECK(parse(text, with_default("list<float32>", OptionList{1, 0.5})) == R"({"x":[1,0.5]})");
  }
  CHECK(parse("{}", {{"x", "int64"}}) == "field 'x' is missing, and has no default");
  CHECK(parse(R"({"x":null})", {{"x", "int64"}}) == "field 'x' is null, and has no default");
  CHECK(contains(parse(R"({"x":"7"})", with_default("int64", 7)), "int64"));
}

TEST_CASE("parse_json follows a path through objects") {
  const OptionTable fields = {
      {"city", OptionTable{{"type", "text"}, {"from", "address.city"}}},
      {"zip", OptionTable{{"type", "int64"}, {"from", "address.zip.n"}, {"default", -1}}}};
  CHECK(parse(R"({"address":{"x":0,"zip":{"n":5},"city":"B"}})", fields) ==
        R"({"city":"B","zip":5})");
  CHECK(parse(R"({"address":{"city":"B","zip":12}})", fields) == R"({"city":"B","zip":-1})");
  CHECK(contains(parse(R"({"city":"B"})", fields), "'city' is missing"));
  CHECK(contains(parse(R"({"address":"B"})", fields), "'city' is missing"));
}

TEST_CASE("parse_json gives one member to several fields") {
  CHECK(parse(R"({"a":"\u0041","n":{"b":1}})",
              {{"a", "text"},
               {"again", OptionTable{{"type", "text"}, {"from", "a"}}},
               {"whole", OptionTable{{"type", "int64"}, {"from", "n.b"}}},
               {"real", OptionTable{{"type", "float64"}, {"from", "n.b"}}}}) ==
        R"({"a":"A","again":"A","whole":1,"real":1})");
  const Lines found = field_errors(
      {{"a", "list<text>"}, {"b", OptionTable{{"type", "list<text>"}, {"from", "a"}}}});
  REQUIRE(found.size() == 1);
  CHECK(found[0] == "fields.b: 'a' and 'b' read the same list");
}

TEST_CASE("parse_json unescapes names of members, and takes the first of equal ones") {
  CHECK(parse(R"({"\u0078":1})", {{"x", "int64"}}) == R"({"x":1})");
  CHECK(parse(R"({"a\"b":1})", {{"x", OptionTable{{"type", "int64"}, {"from", "a\"b"}}}}) ==
        R"({"x":1})");
  CHECK(parse(R"({"x":1,"x":2,"x":"y"})", {{"x", "int64"}}) == R"({"x":1})");
  CHECK(parse(R"({"x":null,"x":2})", with_default("int64", 7)) == R"({"x":7})");
}

TEST_CASE("parse_json refuses what is not one JSON object, also where nobody looks") {
  const Lines texts = {"",
                       " ",
                       "5",
                       "[]",
                       "null",
                       "{",
                       "{}}",
                       "{} {}",
                       R"({"x":1} y)",
                       R"({"x":1)",
                       R"({"x":1,})",
                       R"({"x":1 "y":2})",
                       R"({"x" 1})",
                       R"({x:1})",
                       R"({"x":1,"y":})",
                       R"({"x":1,"y":tru})",
                       R"({"x":1,"y":01})",
                       R"({"x":1,"y":[1,}})",
                       R"({"x":1,"y":[1})",
                       R"({"x":1,"y":{"a":1})",
                       R"({"x":1,"y":[{})",
                       R"({"x":1,"y":"a":{"b":2}})",
                       R"({"y":{"a":"b":[{"c":2}]},"x":1})",
                       R"({"x":1,"y":"a)",
                       "{\"x\":1,\"y\":\"\n\"}",
                       "{\"x\":1,\"y\":\"\xff\"}",
                       "{\"x\":1}\xff"};
  for (const std::string& text : texts) {
    CAPTURE(text);
    CHECK(contains(parse(text, {{"x", "int64"}}), "not a JSON object"));
  }
}

TEST_CASE("parse_json ignores other members whatever their numbers are") {
  CHECK(parse(R"({"y":1e400,"x":1,"z":[123456789012345678901234567890,null,{"x":2}]})",
              {{"x", "int64"}}) == R"({"x":1})");
}

TEST_CASE("parse_json bounds how deep objects and lists nest") {
  const auto nested = [](int depth) {
    return R"({"x":1,"y":)" + std::string(depth, '[') + std::string(depth, ']') + "}";
  };
  CHECK(parse(nested(400), {{"x", "int64"}}) == R"({"x":1})");
  CHECK(contains(parse(nested(100'000), {{"x", "int64"}}), "nested more than 500 deep"));
}

TEST_CASE("parse_json goes on behind a bad record, through texts of every length") {
  Harness harness(loaded("record/parse_json"),
                  {.options = {{"fields", OptionTable{{"x", "text"}}}}, .inputs = {kLine}});
  sage::testkit::Rows rows;
  Lines wanted;
  for (std::size_t n = 0; n < 300; ++n) {
    const std::string text(n, 'a');
    rows.push_back({{"line", "{\"x\":\"" + text + "\"}"}});
    rows.push_back({{"line", "{\"x\":\"" + text}});
    wanted.push_back("{\"x\":\"" + text + "\"}");
  }
  const std::string large(1 << 20, 'b');
  rows.push_back({{"line", "{\"x\":\"" + large + "\"}"}});
  wanted.push_back("{\"x\":\"" + large + "\"}");
  harness.push(rows);
  CHECK(harness.json() == wanted);
  CHECK(harness.rejects().size() == 300);
}

TEST_CASE("parse_json reads a data field too, and keeps the event time") {
  Harness harness(loaded("record/parse_json"),
                  {.options = {{"field", "raw"}, {"fields", OptionTable{{"x", "int64"}}}},
                   .inputs = {{{"n", Type::kInt64}, {"raw", Type::kData}}}});
  harness.push({{{"n", 1}, {"raw", R"({"x":1})"}}}, {42});
  CHECK(harness.json() == Lines{R"({"x":1})"});
  CHECK(harness.output()[0].ts == 42);
}

TEST_CASE("parse_json finds mistakes in fields before anything runs, at their place") {
  CHECK(field_errors({}).at(0).starts_with("fields: "));
  CHECK(field_errors({{"n", "int46"}}) ==
        Lines{"fields.n: there is no type 'int46' (did you mean 'int64'?)"});
  CHECK(field_errors({{"n", OptionTable{{"type", "int64"}, {"defualt", 0}}}}) ==
        Lines{"fields.n.defualt: a field has no 'defualt' (did you mean 'default'?)"});
  CHECK(field_errors({{"n", OptionTable{{"default", 0}}}}).at(0).starts_with("fields.n: a type"));
  CHECK(field_errors({{"n", 5}}).at(0).starts_with("fields.n: a type is needed"));
  CHECK(field_errors({{"a b", "text"}}).at(0).starts_with("fields.a b: 'a b' cannot be"));
  CHECK(field_errors({{"n", OptionTable{{"type", "text"}, {"from", "a..b"}}}})
            .at(0)
            .starts_with("fields.n.from: "));
  CHECK(field_errors(with_default("int64", "5")) ==
        Lines{"fields.x.default: the default is not of type int64"});
  CHECK(field_errors(with_default("int64", 0.5)).size() == 1);
  CHECK(field_errors(with_default("text", 5)).size() == 1);
  CHECK(field_errors(with_default("float64", 9007199254740993)).size() == 1);
  CHECK(field_errors(with_default("timestamp", "yesterday")).size() == 1);
  CHECK(field_errors(with_default("list<int64>", OptionList{1, "2"})).size() == 1);
  CHECK(errors({{"field", "lin"}, {"fields", OptionTable{{"n", "int64"}}}}).size() == 1);
}
