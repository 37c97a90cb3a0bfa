#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using sage::FieldSpec;
using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::OptionList;
using sage::testkit::OptionTable;
using Lines = std::vector<std::string>;

const std::vector<FieldSpec> kInput = {
    {"word", Type::kText}, {"n", Type::kInt64}, {"x", Type::kFloat64}};
const Fields kRow = {{"word", "hello"}, {"n", 9007199254740993}, {"x", 0.1}};

// The row as JSON, or the record error.
std::string map(OptionTable options, const Fields& row = kRow,
                const std::vector<FieldSpec>& input = kInput) {
  Harness harness(loaded("record/map"), {.options = std::move(options), .inputs = {input}});
  harness.push({row});
  REQUIRE(harness.rows().size() + harness.rejects().size() == 1);
  return harness.rejects().empty() ? harness.json()[0] : harness.rejects()[0].message;
}

// The value that `text` gives a new field of this type, as JSON, or the error.
std::string value(const std::string& text, const char* type) {
  return map({{"keep", OptionList{"n"}},
              {"set", OptionTable{{"v", text}}},
              {"types", OptionTable{{"v", type}}}});
}
std::string with(const std::string& json) { return R"({"n":9007199254740993,"v":)" + json + "}"; }

Lines errors(OptionTable options) {
  const sage_operator& op = *loaded("record/map");
  const sage::testkit::Options given(op, std::move(options));
  return sage::testkit::resolve(op, given, {.inputs = {kInput}}).errors;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("map sets fields in place and new ones behind, in the order of the file") {
  CHECK(map({{"set", OptionTable{{"long", "#word > 5"}, {"word", "word:upper()"}, {"a", "n"}}},
             {"types", OptionTable{{"a", "int64"}, {"long", "bool"}}}}) ==
        R"({"word":"HELLO","n":9007199254740993,"x":0.1,"long":false,"a":9007199254740993})");
}

TEST_CASE("map keeps what it sets, named in `keep` or not") {
  for (const OptionList& keep : {OptionList{"a", "n"}, OptionList{"n"}}) {
    CHECK(map({{"keep", keep},
               {"set", OptionTable{{"a", "n"}}},
               {"types", OptionTable{{"a", "int64"}}}}) ==
          R"({"n":9007199254740993,"a":9007199254740993})");
  }
  CHECK(map({{"keep", OptionList{}}, {"set", OptionTable{{"x", "x"}}}}) == R"({"x":0.1})");
}

TEST_CASE("map evaluates every expression over the record as it came in") {
  CHECK(map({{"set", OptionTable{{"n", "#word"}, {"word", "tostring(n)"}}}}) ==
        R"({"word":"9007199254740993","n":5,"x":0.1})");
}

TEST_CASE("map keeps or drops fields and renames what is left") {
  CHECK(map({{"keep", OptionList{"x", "word"}}}) == R"({"word":"hello","x":0.1})");
  CHECK(map({{"drop", OptionList{"word"}}}) == R"({"n":9007199254740993,"x":0.1})");
  CHECK(map({{"drop", OptionList{}}, {"rename", OptionTable{{"word", "n"}, {"n", "word"}}}}) ==
        R"({"n":"hello","word":9007199254740993,"x":0.1})");
  CHECK(map({{"keep", OptionList{"word"}},
             {"set", OptionTable{{"n", "#word"}}},
             {"rename", OptionTable{{"n", "length"}}}}) == R"({"word":"hello","length":5})");
  CHECK(map({}) == R"({"word":"hello","n":9007199254740993,"x":0.1})");
}

TEST_CASE("map keeps the event time") {
  Harness harness(loaded("record/map"),
                  {.options = {{"set", OptionTable{{"n", "n + 1"}}}}, .inputs = {kInput}});
  harness.push({kRow}, {42});
  CHECK(harness.output()[0].ts == 42);
}

TEST_CASE("map gives a field another type where types says so") {
  CHECK(map({{"set", OptionTable{{"n", "tostring(n)"}}}, {"types", OptionTable{{"n", "text"}}}}) ==
        R"({"word":"hello","n":"9007199254740993","x":0.1})");
}

TEST_CASE("map takes whole numbers for an int64 and refuses what would lose something") {
  CHECK(value("n", "int64") == with("9007199254740993"));
  CHECK(value("2.0", "int64") == with("2"));
  CHECK(value("-0.0", "int64") == with("0"));
  CHECK(value("math.mininteger", "int64") == with("-9223372036854775808"));
  CHECK(value("-2^63", "int64") == with("-9223372036854775808"));
  CHECK(value("1.5", "int64") ==
        "set.v: int64 takes a whole number within its range, and this is 1.5");
  for (const char* const text :
       {"2^63", "0/0", "math.huge", "-math.huge", "1e300", "'1'", "true", "nil"}) {
    CAPTURE(text);
    CHECK(contains(value(text, "int64"), "set.v: int64 takes a whole number"));
  }
  CHECK(value("n", "timestamp") == with("\"1970-04-15T05:59:59.254740993Z\""));
}

TEST_CASE("map takes for a float64 what a double holds exactly") {
  CHECK(value("x", "float64") == with("0.1"));
  CHECK(value("n - 1", "float64") == with("9007199254740992"));
  CHECK(value("-0.0", "float64") == with("-0"));
  CHECK(value("0/0", "float64") == with("null"));
  CHECK(value("n", "float64") ==
        "set.v: float64 takes what a double holds exactly, and this is 9007199254740993");
  CHECK(contains(value("math.maxinteger", "float64"), "exactly"));
  CHECK(value("math.mininteger", "float64") == with("-9223372036854775808"));
  CHECK(contains(value("'1'", "float64"), "float64 takes a number"));
}

TEST_CASE("map takes strings for texts and data, booleans for bools") {
  CHECK(value(R"('a\0b')", "text") == with(R"("a\u0000b")"));
  CHECK(value(R"('\xff')", "data") == with("\"/w==\""));
  CHECK(value("n", "text") ==
        "set.v: text takes a string (tostring makes one), and this is 9007199254740993");
  CHECK(contains(value("nil", "text"), "text takes a string, and this is nil"));
  CHECK(contains(value("1", "bool"), "bool takes true or false, and this is 1"));
}

TEST_CASE("map takes sequences for lists, item by item") {
  CHECK(value("{ 'a', word }", "list<text>") == with(R"(["a","hello"])"));
  CHECK(value("{ 1, 2.0 }", "list<int64>") == with("[1,2]"));
  CHECK(value("{ 0.1, 1 }", "list<float64>") == with("[0.1,1]"));
  CHECK(value("{ 0.1, 16777217 }", "list<float32>") == with("[0.1,16777216]"));
  CHECK(value("{}", "list<int64>") == with("[]"));
  CHECK(value("{ 1, 1.5 }", "list<int64>") ==
        "set.v: list<int64> takes a whole number within its range, and this is 1.5 (an item of the "
        "list)");
  CHECK(contains(value("{ 1e39 }", "list<float32>"), "float32 takes a number within its range"));
  CHECK(contains(value("{ 1, a = 2 }", "list<int64>"), "other keys or gaps"));
  CHECK(contains(value("{ nil, nil, 3 }", "list<int64>"), "set.v: list<int64>"));
  CHECK(contains(value("word", "list<text>"), "takes a table, and this is \"hello\""));
}

TEST_CASE("map carries every value through Lua and back unchanged") {
  const std::vector<FieldSpec> input = {{"i", Type::kInt64}, {"f", Type::kFloat64}};
  const OptionTable options = {{"set", OptionTable{{"i", "i"}, {"f", "f"}}}};
  Harness harness(loaded("record/map"), {.options = options, .inputs = {input}});
  const sage::testkit::Rows rows = {
      {{"i", std::numeric_limits<std::int64_t>::min()}, {"f", -0.0}},
      {{"i", std::numeric_limits<std::int64_t>::max()}, {"f", 5e-324}},
      {{"i", 9007199254740993}, {"f", std::numeric_limits<double>::max()}},
      {{"i", -1}, {"f", std::numeric_limits<double>::infinity()}}};
  harness.push(rows);
  CHECK(harness.rows() == rows);
  CHECK(std::signbit(harness.rows()[0][1].second.real()));
}

TEST_CASE("map makes a failing expression the error of its record, and leaves nothing of it") {
  Harness harness(loaded("record/map"),
                  {.options = {{"set", OptionTable{{"word", "word .. word"}, {"n", "10 // n"}}}},
                   .inputs = {kInput}});
  harness.push({{{"word", "a"}, {"n", 1}}, {{"word", "b"}, {"n", 0}}, {{"word", "c"}, {"n", 5}}});
  CHECK(harness.json() == Lines{R"({"word":"aa","n":10,"x":0})", R"({"word":"cc","n":2,"x":0})"});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].message == "set.n: attempt to divide by zero");
}

TEST_CASE("map finds what its options contradict before anything runs") {
  CHECK(errors({{"set", OptionTable{{"y", "1"}}}}) ==
        Lines{"set.y: the new field 'y' needs a type (types = { y = \"int64\" })"});
  CHECK(errors({{"set", OptionTable{{"n", "1"}}}, {"types", OptionTable{{"n", "int46"}}}}) ==
        Lines{"types.n: there is no type 'int46' (did you mean 'int64'?)"});
  CHECK(errors({{"types", OptionTable{{"n", "int64"}}}}) ==
        Lines{"types.n: `set` does not set 'n'"});
  CHECK(errors({{"keep", OptionList{"n"}}, {"drop", OptionList{"x"}}}).size() == 1);
  CHECK(errors({{"keep", OptionList{"wrod"}}}).at(0) ==
        "keep: the input has no field 'wrod' (did you mean 'word'?)");
  CHECK(errors({{"drop", OptionList{"nix"}}}).size() == 1);
  CHECK(errors({{"keep", OptionList{}}}).size() == 1);
  CHECK(errors({{"drop", OptionList{"word", "n", "x"}}}) == Lines{"drop: no field is left"});
  CHECK(errors({{"rename", OptionTable{{"word", "n"}}}}) ==
        Lines{"rename.word: there would be two fields 'n'"});
  CHECK(errors({{"rename", OptionTable{{"n", "a"}, {"x", "a"}}}}).size() == 1);
  CHECK(errors({{"rename", OptionTable{{"nix", "a"}}}}).size() == 1);
  CHECK(errors({{"drop", OptionList{"n"}}, {"rename", OptionTable{{"n", "a"}}}}).size() == 1);
  CHECK(errors({{"rename", OptionTable{{"n", "a b"}}}}).size() == 1);
  CHECK(errors({{"set", OptionTable{{"n", "#wrod"}}}}) ==
        Lines{"set.n: there is no field or variable 'wrod' (did you mean 'word'?)"});
  CHECK(errors({{"set", OptionTable{{"n", "n +"}}}}).size() == 1);
}
