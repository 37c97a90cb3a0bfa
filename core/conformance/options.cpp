#include "conformance/options.hpp"

#include "base/text.hpp"
#include "spec/toml_reader.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <cstdint>
#include <limits>

namespace sage::conformance {
namespace {

using schema::OptionList;
using schema::OptionTable;
using schema::OptionValue;

constexpr std::size_t kLong = 1u << 20;
constexpr int kDeep = 500;

Error misuse(const std::string& text, const std::string& what) {
  return {ErrorKind::kUsage, "E0804", "--with " + text + ": " + what,
          "write --with OPERATOR.OPTION=VALUE, as in --with split.field=line"};
}

Result<spec::Value> read_value(const std::string& text) {
  spec::Value value;
  if (!text.empty() && std::string_view("[{\"'").find(text[0]) != std::string_view::npos) {
    std::optional<spec::Value> read = spec::read_toml_value(text);
    if (!read)
      return misuse(text, "this is not valid TOML");
    value = std::move(*read);
  } else {
    if (!is_valid_utf8(text))
      return misuse(text, "this is not UTF-8");
    value.data = text;
    value.interpolated = true;  // converted to the type that is wanted
  }
  return value;
}

void add_texts(const spec::Value& value, std::vector<std::string>& to) {
  if (value.text() != nullptr)
    to.push_back(*value.text());
  if (value.list() != nullptr) {
    for (const spec::Value& item : *value.list())
      add_texts(item, to);
  }
}

OptionValue nested(int depth) {
  OptionValue value{std::int64_t{1}};
  for (int i = 0; i < depth; ++i)
    value = i % 2 == 0 ? OptionValue{OptionList{std::move(value)}}
                       : OptionValue{OptionTable{{"a", std::move(value)}}};
  return value;
}

void add_odd_texts(std::uint32_t type, std::vector<Odd>& odd) {
  odd.push_back({"an empty text", {std::string()}});
  odd.push_back({"a NUL byte", {std::string(1, '\0')}});
  odd.push_back({"a text of 1 MiB", {std::string(kLong, 'x')}});
  if (type == SAGE_OPT_PATH) {  // none that could be made
    odd.push_back({"a path through a device", {std::string("/dev/null/x")}});
    return;
  }
  odd.push_back({"bytes that are not UTF-8", {std::string("\xff\xfe\x80")}});
  odd.push_back({"a text with NUL bytes in it", {std::string("a\0b\0", 4)}});
  odd.push_back({"1 MiB of opening brackets", {std::string(kLong, '(')}});
  for (const char* text : {"(", "[a", "{", "*", "\\", "%s%n%s", "\"", "nil + nil", "1 +", "-1s"})
    odd.push_back({"`" + std::string(text) + "`", {std::string(text)}});
}

void add_odd_numbers(const schema::OptionInfo& option, std::vector<Odd>& odd) {
  for (const std::int64_t n : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN, INT64_MAX})
    odd.push_back({std::to_string(n), {n}});
  using Limits = std::numeric_limits<double>;
  odd.push_back({"not a number", {Limits::quiet_NaN()}});
  odd.push_back({"an infinite number", {-Limits::infinity()}});
  odd.push_back({"the largest number", {Limits::max()}});
  if ((option.flags & SAGE_OPT_MIN) != 0)
    odd.push_back({"less than its minimum", {option.minimum - 1}});
  if ((option.flags & SAGE_OPT_MAX) != 0)
    odd.push_back({"more than its maximum", {option.maximum + 1}});
}

OptionValue plain_scalar(const schema::OptionInfo& option) {
  const double least = (option.flags & SAGE_OPT_MIN) != 0 ? option.minimum : 1;
  switch (option.type) {
    case SAGE_OPT_BOOL:
      return {true};
    case SAGE_OPT_FLOAT:
      return {least};
    case SAGE_OPT_INT:
    case SAGE_OPT_DURATION:
    case SAGE_OPT_BYTES:
      return {static_cast<std::int64_t>(least)};
    case SAGE_OPT_PATH:
      return {std::string("/dev/null/x")};
    case SAGE_OPT_EXPRESSION:
      return {std::string("true")};
    default:
      return {option.allowed.empty() ? std::string("text") : option.allowed[0]};
  }
}

}  // namespace

Result<Given> parse_given(const std::string& text) {
  const std::size_t equals = text.find('=');
  const std::size_t dot = text.find('.');
  if (equals == std::string::npos || dot == std::string::npos || dot > equals || dot == 0 ||
      dot + 1 == equals)
    return misuse(text, "this names no option of an operator");
  return Given{text.substr(0, dot), text.substr(dot + 1, equals - dot - 1),
               text.substr(equals + 1)};
}

Result<spec::Table> with_table(const std::vector<Given>& all, const std::string& op) {
  spec::Table with;
  for (const Given& given : all) {
    if (given.op != op)
      continue;
    SAGE_TRY(spec::Value value, read_value(given.value));
    with.push_back({{given.key, {}}, std::move(value)});
  }
  return with;
}

std::vector<std::string> missing_options(const schema::OperatorInfo& op, const spec::Table& with) {
  std::vector<std::string> names;
  for (const schema::OptionInfo& option : op.options) {
    if ((option.flags & SAGE_OPT_REQUIRED) != 0 && option.default_value.empty() &&
        spec::find(with, option.name) == nullptr)
      names.push_back(option.name);
  }
  return names;
}

std::vector<std::string> named_fields(const schema::OperatorInfo& op, const spec::Table& with) {
  std::vector<std::string> names;
  for (const schema::OptionInfo& option : op.options) {
    if (option.type != SAGE_OPT_FIELD)
      continue;
    const spec::Value* given = spec::find(with, option.name);
    if (given != nullptr)
      add_texts(*given, names);
    else if (const auto value = spec::read_toml_value(option.default_value))
      add_texts(*value, names);
  }
  return names;
}

schema::OptionValue plain_value(const schema::OptionInfo& option) {
  OptionValue value = plain_scalar(option);
  if ((option.flags & SAGE_OPT_LIST) != 0)
    value = {OptionList{std::move(value)}};
  if ((option.flags & SAGE_OPT_TABLE) != 0)
    value = {OptionTable{{"a", std::move(value)}}};
  return value;
}

std::vector<Odd> odd_values(const schema::OptionInfo& option) {
  std::vector<Odd> odd;
  add_odd_texts(option.type, odd);
  add_odd_numbers(option, odd);
  odd.push_back({"true", {true}});
  odd.push_back({"an empty list", {OptionList{}}});
  odd.push_back({"an empty table", {OptionTable{}}});
  odd.push_back(
      {"a list of everything",
       {OptionList{{true}, {std::int64_t{1}}, {0.5}, {std::string("a")}, {OptionList{}}}}});
  odd.push_back({"a table with strange keys",
                 {OptionTable{{"", {true}}, {std::string("a\0b", 3), {std::string("(")}}}}});
  odd.push_back({"a list in a list", {OptionList{{OptionList{{std::string("a")}}}}}});
  odd.push_back({"500 lists and tables in each other", nested(kDeep)});
  return odd;
}

}  // namespace sage::conformance
