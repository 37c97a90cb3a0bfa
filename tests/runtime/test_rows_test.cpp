#include "runtime/test_rows.hpp"

#include "spec/pipeline.hpp"

#include <catch2/catch.hpp>

namespace sage::runtime {
namespace {

const schema::SchemaPtr& all_types() {
  static const schema::SchemaPtr kSchema = schema::Schema::make({{"flag", Type::kBool},
                                                                 {"n", Type::kInt64},
                                                                 {"x", Type::kFloat64},
                                                                 {"name", Type::kText},
                                                                 {"bytes", Type::kData},
                                                                 {"ts", Type::kTimestamp},
                                                                 {"words", Type::kListText},
                                                                 {"numbers", Type::kListInt64},
                                                                 {"doubles", Type::kListFloat64},
                                                                 {"floats", Type::kListFloat32}})
                                               .value();
  return kSchema;
}

// The rows of a TOML list of tables.
std::vector<spec::Value> rows_of(const std::string& toml) {
  const spec::Parsed parsed = spec::parse_pipeline(
      "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"b/c\"\n[[test]]\nname = \"t\"\nat = \"a\"\n"
      "want = []\ngiven = [\n" +
          toml + "]\n",
      "t.toml", {[](const std::string&) { return std::nullopt; }, {}, {}});
  for (const Error& finding : parsed.findings)
    FAIL(finding.code << " " << finding.message);
  return parsed.pipeline.tests.at(0).given;
}

// As JSON; "": there is an error, which is put in `error`.
std::string typed(const schema::SchemaPtr& schema, const std::string& toml, Error* error = nullptr,
                  std::uint32_t batch_records = 4096) {
  flow::BatchPool pool;
  const auto batches = make_test_rows(pool, schema, rows_of(toml), batch_records);
  if (!batches) {
    if (error != nullptr)
      *error = batches.error();
    return "";
  }
  std::vector<std::string> rows;
  for (const flow::BatchRef& batch : *batches) {
    CHECK(batch->count <= batch_records);
    append_rows_as_json(*batch, *schema, rows);
  }
  std::string all;
  for (const std::string& row : rows)
    all += row + "\n";
  return all;
}

std::string one(Type type, const std::string& value) {
  const auto schema = schema::Schema::make({{"v", type}}).value();
  const std::string row = typed(schema, "{ v = " + value + " },");
  if (row.empty())
    return "refused";
  return row.substr(5, row.size() - 7);  // of {"v":...}
}

}  // namespace

TEST_CASE("test rows: every type is read from TOML and shown as JSON", "[runtime]") {
  CHECK(typed(all_types(),
              "{ words = [\"a\", \"\"], flag = true, n = -3, x = 0.5, name = \"\\u00e9\\\"\", "
              "bytes = \"AAH/\", ts = \"2026-01-31T12:00:00.5+01:00\", numbers = [1, 2], "
              "doubles = [0.5, 2], floats = [0.25] },") ==
        "{\"flag\":true,\"n\":-3,\"x\":0.5,\"name\":\"é\\\"\",\"bytes\":\"AAH/\","
        "\"ts\":\"2026-01-31T11:00:00.500Z\",\"words\":[\"a\",\"\"],\"numbers\":[1,2],"
        "\"doubles\":[0.5,2],\"floats\":[0.25]}\n");
}

TEST_CASE("test rows: numbers are exact or refused", "[runtime]") {
  CHECK(one(Type::kInt64, "9223372036854775807") == "9223372036854775807");
  CHECK(one(Type::kInt64, "-9223372036854775808") == "-9223372036854775808");
  CHECK(one(Type::kInt64, "9007199254740993") == "9007199254740993");
  CHECK(one(Type::kInt64, "1.0") == "refused");
  CHECK(one(Type::kInt64, "\"1\"") == "refused");
  CHECK(one(Type::kInt64, "true") == "refused");
  CHECK(one(Type::kFloat64, "0.1") == "0.1");
  CHECK(one(Type::kFloat64, "-0.0") == "-0");
  CHECK(one(Type::kFloat64, "7") == "7");
  CHECK(one(Type::kFloat64, "nan") == "null");
  CHECK(one(Type::kBool, "1") == "refused");
}

TEST_CASE("test rows: text, bytes and times are what they say", "[runtime]") {
  CHECK(one(Type::kText, "\"a\\u0000b\"") == "\"a\\u0000b\"");
  CHECK(one(Type::kText, "1") == "refused");
  CHECK(one(Type::kData, "\"\"") == "\"\"");
  CHECK(one(Type::kData, "\"QQ==\"") == "\"QQ==\"");
  for (const char* wrong : {"\"QQ\"", "\"QQ=\"", "\"====\"", "\"Q!==\"", "\"Q=Q=\"", "1"}) {
    INFO(wrong);
    CHECK(one(Type::kData, wrong) == "refused");
  }
  CHECK(one(Type::kTimestamp, "\"1969-12-31T23:59:59.999999999Z\"") ==
        "\"1969-12-31T23:59:59.999999999Z\"");
  CHECK(one(Type::kTimestamp, "-1") == "\"1969-12-31T23:59:59.999999999Z\"");
  CHECK(one(Type::kTimestamp, "\"2026-02-30T00:00:00Z\"") == "refused");
  CHECK(one(Type::kTimestamp, "\"yesterday\"") == "refused");
  CHECK(one(Type::kListText, "[\"a\", 1]") == "refused");
  CHECK(one(Type::kListInt64, "[]") == "[]");
  CHECK(one(Type::kListInt64, "[1.5]") == "refused");
  CHECK(one(Type::kListFloat64, "1.5") == "refused");
}

TEST_CASE("test rows: a wrong row is shown at its place with what to write", "[runtime]") {
  const auto schema = schema::Schema::make({{"word", Type::kText}, {"n", Type::kInt64}}).value();
  Error error;
  CHECK(typed(schema, "{ word = \"a\", n = 1 },\n{ word = \"b\" },", &error).empty());
  CHECK(error.code == "E0225");
  CHECK(error.message == "the row has no `n`");
  REQUIRE(error.place);
  CHECK(error.place->line == 11);
  CHECK(typed(schema, "{ wrd = \"a\", word = \"a\", n = 1 },", &error).empty());
  CHECK(error.message.find("no field `wrd`") != std::string::npos);
  CHECK(error.hint.find("did you mean `word`?") != std::string::npos);
  REQUIRE(error.place);
  CHECK(error.place->column == 3);
  CHECK(typed(schema, "{ word = \"a\", n = \"1\" },", &error).empty());
  CHECK(error.message == "`n` is int64, and the value is text");
}

TEST_CASE("test rows: the size of batches changes nothing", "[runtime]") {
  const auto schema = schema::Schema::make({{"n", Type::kInt64}}).value();
  std::string toml;
  std::string json;
  for (int i = 0; i < 100; ++i) {
    toml += "{ n = " + std::to_string(i) + " },\n";
    json += "{\"n\":" + std::to_string(i) + "}\n";
  }
  for (const std::uint32_t size : {1u, 7u, 4096u})
    CHECK(typed(schema, toml, nullptr, size) == json);
}

}  // namespace sage::runtime
