#include "plan/options.hpp"

#include "fake_operators.hpp"
#include "plan/option_value.hpp"

#include <sage/plugin.h>

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

schema::OperatorInfo describe() {
  schema::OperatorInfo info;
  info.id = "op";
  info.options = {
      {.name = "path", .type = SAGE_OPT_PATH},
      {.name = "format",
       .type = SAGE_OPT_TEXT,
       .default_value = "\"lines\"",
       .allowed = {"lines", "jsonl"}},
      {.name = "meta", .type = SAGE_OPT_BOOL, .default_value = "false"},
      {.name = "count",
       .type = SAGE_OPT_INT,
       .flags = SAGE_OPT_MIN | SAGE_OPT_MAX,
       .minimum = 1,
       .maximum = 10},
      {.name = "rate", .type = SAGE_OPT_FLOAT, .flags = SAGE_OPT_MIN, .minimum = 0},
      {.name = "every",
       .type = SAGE_OPT_DURATION,
       .flags = SAGE_OPT_MAX,
       .default_value = "\"10s\"",
       .maximum = 60e9},
      {.name = "size", .type = SAGE_OPT_BYTES},
      {.name = "keep", .type = SAGE_OPT_FIELD, .flags = SAGE_OPT_LIST, .default_value = "[]"},
      {.name = "set", .type = SAGE_OPT_EXPRESSION, .flags = SAGE_OPT_TABLE},
      {.name = "any", .type = SAGE_OPT_ANY},
      {.name = "key", .type = SAGE_OPT_TEXT, .flags = SAGE_OPT_SECRET, .allowed = {"x"}},
  };
  return info;
}

struct Checked {
  schema::OptionTable options;
  Diagnostics findings;
};

// Checks `with = { <text> }`, which begins in line 4.
Checked check(const std::string& text, const schema::OperatorInfo& info = describe(),
              const schema::Schema* input = nullptr) {
  spec::ParseOptions parse;
  parse.environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "FIVE" ? "5" : name == "YES" ? "true" : "word";
  };
  const spec::Parsed parsed = spec::parse_pipeline(
      "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"t/op\"\nwith = { " + text + " }\n", "p.toml",
      parse);
  INFO(messages(parsed.findings));
  REQUIRE(parsed.findings.empty());
  const spec::Stage& stage = parsed.pipeline.stages[0];
  Checked checked;
  checked.options =
      check_options({stage.with, stage.with_place, "t/op", info, input}, checked.findings);
  return checked;
}

template <class T>
T value(const Checked& checked, std::string_view name) {
  INFO(messages(checked.findings));
  const schema::OptionValue* found = schema::find(checked.options, name);
  REQUIRE(found != nullptr);
  REQUIRE(std::holds_alternative<T>(found->data));
  return std::get<T>(found->data);
}

std::string found_in(const std::string& text) { return found(check(text).findings); }
std::string words_in(const std::string& text) { return messages(check(text).findings); }

}  // namespace

TEST_CASE("options: file order first, then defaults in the order of the description", "[plan]") {
  const Checked checked = check("size = 3, path = \"p\"");
  std::string names;
  for (const auto& [name, given] : checked.options)
    names += name + " ";
  CHECK(names == "size path format meta every keep ");
  CHECK(value<std::string>(checked, "format") == "lines");
  CHECK(value<bool>(checked, "meta") == false);
  CHECK(value<std::int64_t>(checked, "every") == 10'000'000'000);
  CHECK(value<schema::OptionList>(checked, "keep").empty());
}

TEST_CASE("options: an unknown one is suggested, with all there are (E0107)", "[plan]") {
  CHECK(found_in("fromat = \"lines\"") == "E0107 5:10");
  CHECK_THAT(words_in("fromat = \"lines\""),
             Catch::Contains("did you mean `format`? known: path, format, meta"));
  const Checked none = check("x = 1", schema::OperatorInfo{});
  CHECK_THAT(messages(none.findings), Catch::Contains("takes no options"));
}

TEST_CASE("options: a required one is missing (E0401)", "[plan]") {
  schema::OperatorInfo info = describe();
  info.options[0].flags = SAGE_OPT_REQUIRED;
  CHECK(found(check("meta = true", info).findings) == "E0401 5:8");
  CHECK(check("path = \"x\"", info).findings.empty());
}

TEST_CASE("options: every type takes its own values", "[plan]") {
  const Checked checked = check(
      "meta = true, count = 3, rate = 2, every = \"1m\", size = \"2KiB\", set = { b = \"1\", "
      "a = \"2\" }, any = [1, { x = 1.5 }]");
  CHECK(checked.findings.empty());
  CHECK(value<bool>(checked, "meta"));
  CHECK(value<std::int64_t>(checked, "count") == 3);
  CHECK(value<double>(checked, "rate") == 2.0);
  CHECK(value<std::int64_t>(checked, "every") == 60'000'000'000);
  CHECK(value<std::int64_t>(checked, "size") == 2048);
  const auto set = value<schema::OptionTable>(checked, "set");
  REQUIRE(set.size() == 2);
  CHECK(schema::find(set, "b") == &set[0].value);
  CHECK(value<schema::OptionList>(checked, "any").size() == 2);
}

TEST_CASE("options: values of other types are refused (E0402)", "[plan]") {
  CHECK(found_in("path = 1") == "E0402 5:17");
  CHECK(found_in("meta = \"true\"") == "E0402 5:17");
  CHECK(found_in("meta = 1") == "E0402 5:17");
  CHECK(found_in("count = 1.0") == "E0402 5:18");
  CHECK(found_in("count = \"1\"") == "E0402 5:18");
  CHECK(found_in("rate = true") == "E0402 5:17");
  CHECK(found_in("every = 10") == "E0402 5:18");
  CHECK(found_in("size = 1.5") == "E0402 5:17");
  CHECK(found_in("keep = \"a\"") == "E0402 5:17");
  CHECK(found_in("keep = [\"a\", 1]") == "E0402 5:23");
  CHECK(found_in("set = [\"a\"]") == "E0402 5:16");
  CHECK(found_in("set = { a = 1 }") == "E0402 5:22");
  CHECK_THAT(words_in("set = { a = 1 }"), Catch::Contains("option `set.a`"));
}

TEST_CASE("options: text is converted only where it was interpolated", "[plan]") {
  const Checked checked = check("count = \"${FIVE}\", rate = \"${FIVE}\", meta = \"${YES}\"");
  CHECK(value<std::int64_t>(checked, "count") == 5);
  CHECK(value<double>(checked, "rate") == 5.0);
  CHECK(value<bool>(checked, "meta"));
  CHECK(value<std::string>(check("path = \"${FIVE}\""), "path") == "5");
  CHECK(found_in("count = \"${WORD}\"") == "E0402 5:18");
  CHECK_THAT(words_in("count = \"${WORD}\""), Catch::Contains("`word`"));
}

TEST_CASE("options: numbers stay in their range (E0403)", "[plan]") {
  CHECK(found_in("count = 0") == "E0403 5:18");
  CHECK_THAT(words_in("count = 11"), Catch::Contains("between 1 and 10 (found: 11)"));
  CHECK(found_in("rate = -0.1") == "E0403 5:17");
  CHECK(found_in("rate = nan") == "E0403 5:17");
  CHECK_THAT(words_in("every = \"2m\""), Catch::Contains("at most \"1m\" (found: \"2m\")"));
  CHECK(found_in("size = -1") == "E0403 5:17");
}

TEST_CASE("options: a value that is not allowed (E0404)", "[plan]") {
  CHECK(found_in("format = \"jsnl\"") == "E0404 5:19");
  CHECK_THAT(words_in("format = \"jsnl\""), Catch::Contains("did you mean `jsonl`?"));
}

TEST_CASE("options: bad units (E0405)", "[plan]") {
  CHECK(found_in("every = \"10 parsecs\"") == "E0405 5:18");
  CHECK(found_in("every = \"\"") == "E0405 5:18");
  CHECK(found_in("size = \"3XB\"") == "E0405 5:17");
}

TEST_CASE("options: a field has to exist (E0406)", "[plan]") {
  const schema::SchemaPtr input = fields({{"line", Type::kText}, {"word", Type::kText}});
  CHECK(check("keep = [\"line\"]", describe(), input.get()).findings.empty());
  const Checked checked = check("keep = [\"line\", \"wrd\"]", describe(), input.get());
  CHECK(found(checked.findings) == "E0406 5:26");
  CHECK_THAT(messages(checked.findings), Catch::Contains("did you mean `word`?"));
  CHECK(check("keep = [\"any\"]").findings.empty());

  schema::OperatorInfo info = describe();
  info.options = {{.name = "field", .type = SAGE_OPT_FIELD, .default_value = "\"text\""}};
  const Checked by_default = check("", info, input.get());
  CHECK(found(by_default.findings) == "E0406 5:8");
  CHECK_THAT(messages(by_default.findings), Catch::Contains("default"));
}

TEST_CASE("options: a secret is never shown", "[plan]") {
  CHECK_THAT(words_in("key = \"hunter2\""), !Catch::Contains("hunter2"));
  schema::OperatorInfo info = describe();
  info.options = {{.name = "pin", .type = SAGE_OPT_INT, .flags = SAGE_OPT_SECRET}};
  const Checked checked = check("pin = \"${WORD}\"", info);
  CHECK(found(checked.findings) == "E0402 5:16");
  CHECK_THAT(messages(checked.findings), !Catch::Contains("`word`"));
}

TEST_CASE("options: a default that cannot be read is the plugin's mistake", "[plan]") {
  schema::OperatorInfo info = describe();
  info.options[2].default_value = "maybe";
  const Checked checked = check("path = \"p\"", info);
  CHECK(found(checked.findings) == "E0402 5:8");
  CHECK_THAT(messages(checked.findings), Catch::Contains("mistake in the plugin"));
}

TEST_CASE("options: all mistakes of a table are found at once", "[plan]") {
  CHECK(found_in("count = 99, format = \"x\", nope = 1") == "E0403 5:18, E0404 5:31, E0107 5:36");
}

TEST_CASE("options: places are found by path", "[plan]") {
  const spec::Parsed parsed = spec::parse_pipeline(
      "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"t/op\"\n"
      "[stage.with]\nkeep = [\"x\", \"y\"]\n[stage.with.set]\nlong = \"1\"\n\"a.b\" = \"2\"\n",
      "p.toml", {});
  REQUIRE(parsed.findings.empty());
  const spec::Table& with = parsed.pipeline.stages[0].with;
  const Place fallback{"p.toml", 77, 1, 1};
  CHECK(option_place(with, "set.long", fallback).line == 8);
  CHECK(option_place(with, "set.a.b", fallback).line == 9);
  CHECK(option_place(with, "keep.1", fallback).column == 14);
  CHECK(option_place(with, "keep.7", fallback).column == 8);
  CHECK(option_place(with, "set.long.deeper", fallback).line == 8);
  CHECK(option_place(with, "none", fallback).line == 77);
  CHECK(option_place(with, "", fallback).line == 77);
}

TEST_CASE("durations are written in the longest unit that fits", "[plan]") {
  CHECK(duration_text(0) == "0s");
  CHECK(duration_text(90'000'000'000) == "90s");
  CHECK(duration_text(120'000'000'000) == "2m");
  CHECK(duration_text(86'400'000'000'000) == "1d");
  CHECK(duration_text(1'500) == "1500ns");
}

}  // namespace sage::plan
