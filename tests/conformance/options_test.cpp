#include "conformance/options.hpp"

#include <sage/plugin.h>

#include <catch2/catch.hpp>

namespace sage::conformance {
namespace {

schema::OperatorInfo operator_with(std::vector<schema::OptionInfo> options) {
  schema::OperatorInfo op;
  op.options = std::move(options);
  return op;
}

}  // namespace

TEST_CASE("an option on the command line names operator, option and value", "[conformance]") {
  const auto given = parse_given("split.pattern=a.b=c");
  REQUIRE(given);
  CHECK(given->op == "split");
  CHECK(given->key == "pattern");
  CHECK(given->value == "a.b=c");
  CHECK(parse_given("a.b=")->value.empty());
  for (const char* text : {"", "a", "a.b", "a=b", "=", ".b=c", "a.=c", "a=b.c"}) {
    CAPTURE(text);
    REQUIRE_FALSE(parse_given(text));
    CHECK(parse_given(text).error().kind == ErrorKind::kUsage);
  }
}

TEST_CASE("values are TOML where they look like it, else as they stand", "[conformance]") {
  const std::vector<Given> all = {
      {"a", "x", "12"}, {"a", "y", "[1, 2]"}, {"b", "z", "{ k = 1 }"}, {"a", "w", "\"12\""}};
  const auto with = with_table(all, "a");
  REQUIRE(with);
  REQUIRE(with->size() == 3);
  CHECK(spec::find(*with, "x")->interpolated);
  CHECK(spec::find(*with, "y")->list()->size() == 2);
  CHECK(*spec::find(*with, "w")->text() == "12");
  CHECK_FALSE(spec::find(*with, "w")->interpolated);
  CHECK_FALSE(with_table({{"a", "x", "[1"}}, "a"));
  CHECK_FALSE(with_table({{"a", "x", "\xff"}}, "a"));
}

TEST_CASE("what is required, has no default and is not given, is missing", "[conformance]") {
  const auto op = operator_with({{"a", "", SAGE_OPT_TEXT, SAGE_OPT_REQUIRED},
                                 {"b", "", SAGE_OPT_TEXT, SAGE_OPT_REQUIRED, "\"x\""},
                                 {"c", "", SAGE_OPT_TEXT, SAGE_OPT_REQUIRED},
                                 {"d", "", SAGE_OPT_TEXT, 0}});
  CHECK(missing_options(op, {}) == std::vector<std::string>{"a", "c"});
  CHECK(missing_options(op, *with_table({{"", "a", "v"}}, "")) == std::vector<std::string>{"c"});
}

TEST_CASE("fields that options name are known, given or by default", "[conformance]") {
  const auto op = operator_with({{"a", "", SAGE_OPT_FIELD, 0, "\"line\""},
                                 {"b", "", SAGE_OPT_FIELD, SAGE_OPT_LIST},
                                 {"c", "", SAGE_OPT_TEXT, 0, "\"word\""}});
  CHECK(named_fields(op, {}) == std::vector<std::string>{"line"});
  const auto with = with_table({{"", "a", "x"}, {"", "b", "[\"y\", \"z\"]"}}, "");
  CHECK(named_fields(op, *with) == std::vector<std::string>{"x", "y", "z"});
}

TEST_CASE("odd values are of every type, and beyond the bounds", "[conformance]") {
  schema::OptionInfo option{"n", "", SAGE_OPT_INT, SAGE_OPT_MIN | SAGE_OPT_MAX, "", {}, 3, 9};
  std::vector<bool> types(6);
  bool below = false;
  bool above = false;
  for (const Odd& odd : odd_values(option)) {
    types[odd.value.data.index()] = true;
    const double* number = std::get_if<double>(&odd.value.data);
    below = below || (number != nullptr && *number == 2);
    above = above || (number != nullptr && *number == 10);
  }
  CHECK(types == std::vector<bool>(6, true));
  CHECK(below);
  CHECK(above);
  option.type = SAGE_OPT_PATH;  // nothing that could be made somewhere
  for (const Odd& odd : odd_values(option)) {
    const std::string* text = std::get_if<std::string>(&odd.value.data);
    CHECK((text == nullptr || text->size() > 4096 || text->starts_with("/dev/null/") ||
           text->find_first_not_of('\0') == std::string::npos));
  }
}

TEST_CASE("a required option gets a value of its own kind", "[conformance]") {
  CHECK(std::get<std::string>(plain_value({"a", "", SAGE_OPT_TEXT, 0, "", {"x", "y"}}).data) ==
        "x");
  CHECK(std::get<std::int64_t>(
            plain_value({"a", "", SAGE_OPT_INT, SAGE_OPT_MIN, "", {}, 5}).data) == 5);
  const auto table = plain_value({"a", "", SAGE_OPT_BOOL, SAGE_OPT_LIST | SAGE_OPT_TABLE});
  CHECK(std::get<schema::OptionTable>(table.data).size() == 1);
}

}  // namespace sage::conformance
