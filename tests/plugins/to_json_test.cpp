#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

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

const std::vector<FieldSpec> kInput = {{"i", Type::kInt64},      {"f", Type::kFloat64},
                                       {"t", Type::kText},       {"d", Type::kData},
                                       {"at", Type::kTimestamp}, {"l", Type::kListText}};
const Fields kRow = {{"i", 9007199254740993}, {"f", 0.1}, {"t", "a\"\n"},
                     {"d", "\xff"},           {"at", 1},  {"l", sage::testkit::ListOfText{"x"}}};

std::vector<std::string> errors(OptionTable options) {
  const sage_operator& op = *loaded("record/to_json");
  const sage::testkit::Options given(op, std::move(options));
  return sage::testkit::resolve(op, given, {.inputs = {kInput}}).errors;
}

}  // namespace

TEST_CASE("to_json writes all fields as one object into the field json") {
  Harness harness(loaded("record/to_json"), {.inputs = {kInput}});
  harness.push({kRow}, {42});
  CHECK(harness.rows() ==
        sage::testkit::Rows{{{"json", R"({"i":9007199254740993,"f":0.1,"t":"a\"\n",)"
                                      R"("d":"/w==","at":"1970-01-01T00:00:00.000000001Z",)"
                                      R"("l":["x"]})"}}});
  CHECK(harness.output()[0].ts == 42);
}

TEST_CASE("to_json writes the fields that are named, in that order") {
  Harness harness(
      loaded("record/to_json"),
      {.options = {{"field", "text"}, {"fields", OptionList{"t", "i"}}}, .inputs = {kInput}});
  harness.push({kRow});
  CHECK(harness.rows() == sage::testkit::Rows{{{"text", R"({"t":"a\"\n","i":9007199254740993})"}}});
}

TEST_CASE("to_json counts what JSON cannot hold") {
  Harness harness(loaded("record/to_json"),
                  {.options = {{"fields", OptionList{"f", "t"}}}, .inputs = {kInput}});
  const double huge = std::numeric_limits<double>::infinity();
  harness.push({{{"f", huge}, {"t", "\xff"}}, {{"f", -huge}, {"t", "ok"}}});
  CHECK(harness.rows() == sage::testkit::Rows{{{"json", "{\"f\":null,\"t\":\"\xef\xbf\xbd\"}"}},
                                              {{"json", R"({"f":null,"t":"ok"})"}}});
  CHECK(harness.metric("not_finite") == 2);
  CHECK(harness.metric("replaced_utf8") == 1);
}

TEST_CASE("parse_json reads back what to_json wrote") {
  Harness writer(loaded("record/to_json"), {.inputs = {kInput}});
  writer.push({kRow});
  const OptionTable fields = {{"i", "int64"}, {"f", "float64"},    {"t", "text"},
                              {"d", "data"},  {"at", "timestamp"}, {"l", "list<text>"}};
  Harness reader(loaded("record/parse_json"), {.options = {{"field", "json"}, {"fields", fields}},
                                               .inputs = {{{"json", Type::kText}}}});
  reader.push(writer.rows());
  CHECK(reader.rows() == sage::testkit::Rows{kRow});
}

TEST_CASE("to_json finds wrong names before anything runs") {
  CHECK(errors({{"fields", OptionList{"nix"}}}).size() == 1);
  CHECK(errors({{"fields", OptionList{"i", "i"}}}).size() == 1);
  CHECK(errors({{"fields", OptionList{}}}).size() == 1);
  CHECK(errors({{"field", "a b"}}).size() == 1);
}
