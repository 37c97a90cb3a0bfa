#include "schema/schema.hpp"

#include <catch2/catch.hpp>

namespace sage::schema {

TEST_CASE("a schema refuses illegal and double field names", "[schema]") {
  CHECK(Schema::make({{"a", Type::kText}, {"b_1", Type::kInt64}}));
  CHECK_FALSE(Schema::make({{"", Type::kText}}));
  CHECK_FALSE(Schema::make({{"1a", Type::kText}}));
  CHECK_FALSE(Schema::make({{"a-b", Type::kText}}));
  CHECK_FALSE(Schema::make({{std::string(64, 'a'), Type::kText}}));
  CHECK_FALSE(Schema::make({{"a", Type::kText}, {"a", Type::kInt64}}));
}

TEST_CASE("the schema id depends on names, types and order, and never changes", "[schema]") {
  const auto id = [](std::vector<FieldSpec> fields) {
    return Schema::make(std::move(fields)).value()->id();
  };
  CHECK(id({{"word", Type::kText}, {"n", Type::kInt64}}) ==
        id({{"word", Type::kText}, {"n", Type::kInt64}}));
  CHECK(id({{"word", Type::kText}, {"n", Type::kInt64}}) !=
        id({{"n", Type::kInt64}, {"word", Type::kText}}));
  CHECK(id({{"word", Type::kText}}) != id({{"word", Type::kData}}));
  CHECK(id({{"word", Type::kText}, {"n", Type::kInt64}}) == 0xe6a221f28622b46eu);
}

TEST_CASE("capnp text has camelCase names, a number where two meet, the own name in a comment",
          "[schema]") {
  const auto schema = Schema::make({{"user_id", Type::kText},
                                    {"userId", Type::kInt64},
                                    {"at", Type::kTimestamp},
                                    {"Tags", Type::kListText},
                                    {"_1", Type::kBool}})
                          .value();
  const std::string text = schema->capnp_text("Row");
  CHECK(text.find("struct Row {") != std::string::npos);
  CHECK(text.find("  userId @0 :Text;  # user_id\n") != std::string::npos);
  CHECK(text.find("  userId2 @1 :Int64;  # userId\n") != std::string::npos);
  CHECK(text.find("  at @2 :Int64;  # at, ns since 1970 UTC\n") != std::string::npos);
  CHECK(text.find("  tags @3 :List(Text);  # Tags\n") != std::string::npos);
  CHECK(text.find("  f1 @4 :Bool;  # _1\n") != std::string::npos);
}

}  // namespace sage::schema
