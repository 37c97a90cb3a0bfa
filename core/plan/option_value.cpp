#include "plan/option_value.hpp"

#include "plan/finding.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace sage::plan {
namespace {

using schema::OptionInfo;
using schema::OptionValue;

std::string_view wanted(std::uint32_t type) {
  switch (type) {
    case SAGE_OPT_BOOL:
      return "true or false";
    case SAGE_OPT_INT:
      return "an integer";
    case SAGE_OPT_FLOAT:
      return "a number";
    case SAGE_OPT_DURATION:
      return "a duration such as \"10s\"";
    case SAGE_OPT_BYTES:
      return "a size such as \"64MB\"";
    case SAGE_OPT_PATH:
      return "a path (text)";
    case SAGE_OPT_FIELD:
      return "the name of a field (text)";
    case SAGE_OPT_EXPRESSION:
      return "an expression (text)";
    default:
      return "a text";
  }
}

template <class T>
std::optional<T> number_of(std::string_view text) {
  T number{};
  const char* end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, number);
  if (text.empty() || parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return number;
}

std::string float_text(double number) {
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return std::string(buffer, end);
}

// A bound or a value for messages, in the option's unit.
std::string amount_text(std::uint32_t type, double number) {
  if (type == SAGE_OPT_DURATION)
    return "\"" + duration_text(std::llround(number)) + "\"";
  return float_text(number);
}

class ScalarReader {
 public:
  ScalarReader(const OptionInfo& option, const std::string& name, const spec::Value& value)
      : option_(option), name_(name), value_(value) {}

  Result<OptionValue> read(const schema::Schema* input) const {
    SAGE_TRY(OptionValue result, typed());
    SAGE_CHECK(check_range(result));
    SAGE_CHECK(check_allowed(result));
    if (option_.type == SAGE_OPT_FIELD && input != nullptr)
      SAGE_CHECK(check_field(*input));
    return result;
  }

 private:
  Error finding(const char* code, const std::string& what, std::string hint) const {
    return invalid(code, value_.place, "option " + quoted(name_) + " " + what, std::move(hint));
  }

  // " (found: x)", unless x is a secret.
  std::string found(const std::string& text) const {
    return (option_.flags & SAGE_OPT_SECRET) != 0 ? "" : " (found: " + text + ")";
  }

  Error wrong_type() const {
    const std::string* text = value_.text();
    const std::string need = "needs " + std::string(wanted(option_.type));
    if (text != nullptr && value_.interpolated) {
      return finding("E0402", need + found(quoted(*text)), "check what `${…}` stands for here");
    }
    return finding("E0402", need + " (found: " + std::string(spec::type_name(value_)) + ")",
                   type_hint());
  }

  std::string type_hint() const {
    const bool is_scalar = value_.list() == nullptr && value_.table() == nullptr;
    switch (option_.type) {
      case SAGE_OPT_BOOL:
      case SAGE_OPT_INT:
      case SAGE_OPT_FLOAT:
        return value_.text() != nullptr ? "write it without quotes" : "";
      case SAGE_OPT_DURATION:
        return is_scalar ? "write a number and a unit (us, ms, s, m, h, d) in quotes" : "";
      case SAGE_OPT_BYTES:
        return "";
      default:
        return is_scalar ? "put it in quotes" : "";
    }
  }

  Result<OptionValue> typed() const {
    switch (option_.type) {
      case SAGE_OPT_BOOL:
        return boolean();
      case SAGE_OPT_INT:
        return integer();
      case SAGE_OPT_FLOAT:
        return real();
      case SAGE_OPT_DURATION:
        return duration();
      case SAGE_OPT_BYTES:
        return bytes();
      case SAGE_OPT_ANY:
        return copy_value(value_);
      default:
        break;
    }
    if (value_.text() == nullptr)
      return wrong_type();
    return OptionValue{*value_.text()};
  }

  // The text to convert: only where ${...} was used.
  const std::string* convertible() const { return value_.interpolated ? value_.text() : nullptr; }

  Result<OptionValue> boolean() const {
    if (const bool* given = std::get_if<bool>(&value_.data))
      return OptionValue{*given};
    const std::string* text = convertible();
    if (text != nullptr && (*text == "true" || *text == "false")) {
      return OptionValue{*text == "true"};
    }
    return wrong_type();
  }

  Result<OptionValue> integer() const {
    if (const auto* given = std::get_if<std::int64_t>(&value_.data))
      return OptionValue{*given};
    if (const std::string* text = convertible()) {
      if (const auto number = number_of<std::int64_t>(*text))
        return OptionValue{*number};
    }
    return wrong_type();
  }

  Result<OptionValue> real() const {
    if (const auto* given = std::get_if<double>(&value_.data))
      return OptionValue{*given};
    if (const auto* given = std::get_if<std::int64_t>(&value_.data)) {
      return OptionValue{static_cast<double>(*given)};
    }
    if (const std::string* text = convertible()) {
      if (const auto number = number_of<double>(*text))
        return OptionValue{*number};
    }
    return wrong_type();
  }

  Result<OptionValue> duration() const {
    if (value_.text() == nullptr)
      return wrong_type();
    return with_unit(parse_duration(*value_.text()),
                     "write for example \"500ms\", \"10s\", \"2h\"");
  }

  Result<OptionValue> bytes() const {
    if (const auto* given = std::get_if<std::int64_t>(&value_.data)) {
      if (*given >= 0)
        return OptionValue{*given};
      return finding("E0403", "cannot be negative" + found(std::to_string(*given)), "");
    }
    if (value_.text() == nullptr)
      return wrong_type();
    return with_unit(parse_bytes(*value_.text()), "write for example \"64MB\", \"8GiB\" or 4096");
  }

  Result<OptionValue> with_unit(const Result<std::int64_t>& parsed, const char* hint) const {
    if (parsed)
      return OptionValue{*parsed};
    return finding("E0405",
                   "needs " + std::string(wanted(option_.type)) + found(quoted(*value_.text())),
                   hint);
  }

  Status check_range(const OptionValue& value) const {
    double number = 0;
    if (const auto* given = std::get_if<std::int64_t>(&value.data)) {
      number = static_cast<double>(*given);
    } else if (const auto* real_number = std::get_if<double>(&value.data)) {
      number = *real_number;
    } else {
      return Ok{};
    }
    const bool has_minimum = (option_.flags & SAGE_OPT_MIN) != 0;
    const bool has_maximum = (option_.flags & SAGE_OPT_MAX) != 0;
    // Written so that NaN is outside of every range.
    const bool inside =
        (!has_minimum || number >= option_.minimum) && (!has_maximum || number <= option_.maximum);
    if (inside)
      return Ok{};
    const std::string low = amount_text(option_.type, option_.minimum);
    const std::string high = amount_text(option_.type, option_.maximum);
    std::string rule = "must be between " + low + " and " + high;
    if (!has_maximum)
      rule = "must be at least " + low;
    if (!has_minimum)
      rule = "must be at most " + high;
    return finding("E0403", rule + found(amount_text(option_.type, number)), "");
  }

  Status check_allowed(const OptionValue& value) const {
    const auto* text = std::get_if<std::string>(&value.data);
    if (option_.allowed.empty() || text == nullptr)
      return Ok{};
    const auto& allowed = option_.allowed;
    if (std::find(allowed.begin(), allowed.end(), *text) != allowed.end())
      return Ok{};
    return finding("E0404", "has a value that is not allowed" + found(quoted(*text)),
                   choices(*text, allowed));
  }

  Status check_field(const schema::Schema& input) const {
    if (input.find(*value_.text()))
      return Ok{};
    return finding("E0406", "names " + quoted(*value_.text()) + ", which is no field of the input",
                   choices(*value_.text(), input.names()));
  }

  const OptionInfo& option_;
  const std::string& name_;
  const spec::Value& value_;
};

}  // namespace

Result<OptionValue> convert_scalar(const OptionInfo& option, const std::string& name,
                                   const spec::Value& value, const schema::Schema* input) {
  return ScalarReader(option, name, value).read(input);
}

OptionValue copy_value(const spec::Value& value) {
  if (const spec::List* list = value.list()) {
    schema::OptionList items;
    for (const spec::Value& item : *list)
      items.push_back(copy_value(item));
    return OptionValue{std::move(items)};
  }
  if (const spec::Table* table = value.table()) {
    schema::OptionTable members;
    for (const spec::Member& member : *table) {
      members.push_back({member.key.value, copy_value(member.value)});
    }
    return OptionValue{std::move(members)};
  }
  if (const bool* boolean = std::get_if<bool>(&value.data))
    return OptionValue{*boolean};
  if (const auto* integer = std::get_if<std::int64_t>(&value.data))
    return OptionValue{*integer};
  if (const double* real = std::get_if<double>(&value.data))
    return OptionValue{*real};
  return OptionValue{*value.text()};
}

std::string duration_text(std::int64_t ns) {
  struct Unit {
    std::int64_t size;
    const char* name;
  };
  static constexpr Unit kUnits[] = {{86'400'000'000'000, "d"},
                                    {3'600'000'000'000, "h"},
                                    {60'000'000'000, "m"},
                                    {1'000'000'000, "s"},
                                    {1'000'000, "ms"},
                                    {1'000, "us"},
                                    {1, "ns"}};
  if (ns == 0)
    return "0s";
  const Unit* unit = std::begin(kUnits);
  while (ns % unit->size != 0)
    ++unit;
  return std::to_string(ns / unit->size) + unit->name;
}

}  // namespace sage::plan
