#include "spec/table_reader.hpp"

#include "base/text.hpp"
#include "spec/overrides.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace sage::spec {
namespace {

template <class Number>
std::optional<Number> parse_all(std::string_view text) {
  Number number{};
  const char* begin = text.data();
  const char* end = begin + text.size();
  const auto read = std::from_chars(begin, end, number);
  if (read.ec != std::errc() || read.ptr != end)
    return std::nullopt;
  return number;
}

const std::string* converted_text(const Value& value) {
  return value.interpolated ? value.text() : nullptr;
}

// A text for a message, of bounded length.
std::string shown(std::string_view text) {
  constexpr std::size_t kMost = 60;
  if (text.size() <= kMost)
    return "`" + std::string(text) + "`";
  return "`" + std::string(text.substr(0, utf8_valid_prefix(text.substr(0, kMost)))) + "...`";
}

std::string short_double(double number) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number);
  return {buffer, end.ptr};
}

// What to look at where a converted text does not fit.
std::string hint_of_converted(const Value& value) {
  const std::string& file = value.place.file;
  if (file.starts_with(kSetFlag) || file.starts_with(kParallelismFlag))
    return "look at the value that " + file.substr(0, file.find(' ')) + " gives";
  return "look at what `${...}` stands for here";
}

}  // namespace

std::optional<std::int64_t> to_integer(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.data))
    return *integer;
  if (const std::string* text = converted_text(value))
    return parse_all<std::int64_t>(*text);
  return std::nullopt;
}

std::optional<double> to_number(const Value& value) {
  if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
    return static_cast<double>(*integer);
  }
  if (const auto* number = std::get_if<double>(&value.data))
    return *number;
  if (const std::string* text = converted_text(value))
    return parse_all<double>(*text);
  return std::nullopt;
}

std::optional<bool> to_boolean(const Value& value) {
  if (const auto* truth = std::get_if<bool>(&value.data))
    return *truth;
  const std::string* text = converted_text(value);
  if (text != nullptr && *text == "true")
    return true;
  if (text != nullptr && *text == "false")
    return false;
  return std::nullopt;
}

bool is_name(std::string_view text) {
  const auto is_word = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > 63 || !is_word(text[0]))
    return false;
  return std::all_of(text.begin(), text.end(),
                     [&](char c) { return is_word(c) || c == '_' || c == '-'; });
}

Error wrong_type(const std::string& what, const std::string& wanted, const Value& value,
                 std::string hint) {
  if (const std::string* text = converted_text(value)) {
    return invalid("E0124", value.place, what + " needs " + wanted + ", and is " + shown(*text),
                   hint.empty() ? hint_of_converted(value) : std::move(hint));
  }
  return invalid("E0110", value.place,
                 what + " needs " + wanted + " (found: " + std::string(type_name(value)) + ")",
                 std::move(hint));
}

std::string TableReader::what(std::string_view key) const {
  return "`" + std::string(key) + "` of " + owner_;
}

const Value* TableReader::get(std::string_view key) {
  if (std::find(known_.begin(), known_.end(), key) == known_.end())
    known_.emplace_back(key);
  return find(table_, key);
}

const Value* TableReader::require(std::string_view key, const std::string& hint) {
  const Value* value = get(key);
  if (value == nullptr) {
    findings_.add(invalid("E0109", place_, owner_ + " has no `" + std::string(key) + "`", hint));
  }
  return value;
}

std::optional<Located<std::string>> TableReader::text(std::string_view key) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  if (value->text() == nullptr) {
    findings_.add(wrong_type(what(key), "a text", *value, "write it in quotes"));
    return std::nullopt;
  }
  return Located<std::string>{*value->text(), value->place};
}

std::optional<Located<std::int64_t>> TableReader::integer(std::string_view key, Range range) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  const std::optional<std::int64_t> integer = to_integer(*value);
  if (!integer) {
    findings_.add(
        wrong_type(what(key), "an integer", *value,
                   value->text() && !value->interpolated ? "write it without quotes" : ""));
    return std::nullopt;
  }
  if (*integer < range.low || *integer > range.high) {
    const std::string limit = range.high == INT64_MAX ? "at least " + std::to_string(range.low)
                                                      : "from " + std::to_string(range.low) +
                                                            " to " + std::to_string(range.high);
    findings_.add(invalid("E0111", value->place,
                          what(key) + " must be " + limit + ", not " + std::to_string(*integer)));
    return std::nullopt;
  }
  return Located<std::int64_t>{*integer, value->place};
}

std::optional<double> TableReader::number(std::string_view key, double minimum) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  const std::optional<double> number = to_number(*value);
  if (!number) {
    findings_.add(
        wrong_type(what(key), "a number", *value,
                   value->text() && !value->interpolated ? "write it without quotes" : ""));
    return std::nullopt;
  }
  constexpr double kMost = 1e15;
  if (!(*number >= minimum && *number <= kMost)) {  // not a number is out of range, too
    findings_.add(invalid("E0111", value->place,
                          what(key) + " must be a finite number, at least " +
                              short_double(minimum) + ", not " + short_double(*number)));
    return std::nullopt;
  }
  return number;
}

std::optional<std::int64_t> TableReader::duration(std::string_view key) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  if (value->text() == nullptr) {
    findings_.add(wrong_type(what(key), "a duration", *value,
                             "write a number and a unit in quotes, such as \"10s\" or \"500ms\""));
    return std::nullopt;
  }
  Result<std::int64_t> nanoseconds = parse_duration(*value->text());
  if (nanoseconds)
    return *nanoseconds;
  nanoseconds.error().place = value->place;
  findings_.add(std::move(nanoseconds.error()).with(what(key)));
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::bytes(std::string_view key) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  if (const auto* count = std::get_if<std::int64_t>(&value->data)) {
    if (*count >= 0)
      return *count;
    findings_.add(invalid("E0111", value->place, what(key) + " cannot be negative"));
    return std::nullopt;
  }
  if (value->text() == nullptr) {
    findings_.add(wrong_type(what(key), "a number of bytes", *value,
                             "write a number, or a number with a unit in quotes: \"512MB\""));
    return std::nullopt;
  }
  Result<std::int64_t> count = parse_bytes(*value->text());
  if (count)
    return *count;
  count.error().place = value->place;
  findings_.add(std::move(count.error()).with(what(key)));
  return std::nullopt;
}

std::optional<std::string> TableReader::choice(std::string_view key,
                                               std::span<const std::string> allowed) {
  const std::optional<Located<std::string>> given = text(key);
  if (!given)
    return std::nullopt;
  if (std::find(allowed.begin(), allowed.end(), given->value) != allowed.end()) {
    return given->value;
  }
  findings_.add(invalid("E0112", given->place, what(key) + " cannot be " + shown(given->value),
                        suggest(given->value, allowed)));
  return std::nullopt;
}

const Table* TableReader::table(std::string_view key, const std::string& form) {
  const Value* value = get(key);
  if (value == nullptr)
    return nullptr;
  if (value->table() == nullptr) {
    findings_.add(wrong_type(what(key), "a table", *value, "write " + form));
  }
  return value->table();
}

std::optional<std::vector<Located<std::string>>> TableReader::texts(std::string_view key,
                                                                    bool once) {
  const Value* value = get(key);
  if (value == nullptr)
    return std::nullopt;
  std::vector<Located<std::string>> out;
  if (value->text() != nullptr) {
    out.push_back({*value->text(), value->place});
  } else if (value->list() == nullptr) {
    findings_.add(wrong_type(what(key), "a text or a list of texts", *value));
    return std::nullopt;
  } else if (value->list()->empty()) {
    findings_.add(invalid("E0112", value->place, what(key) + " is an empty list",
                          "name something, or remove the key"));
    return std::nullopt;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; value->list() != nullptr && i < value->list()->size(); ++i) {
    const Value& item = (*value->list())[i];
    if (item.text() == nullptr) {
      findings_.add(wrong_type("each item of " + what(key), "a text", item, "write it in quotes"));
    } else if (!seen.insert(*item.text()).second && once) {
      findings_.add(invalid("E0112", item.place,
                            what(key) + " names " + shown(*item.text()) + " twice",
                            "remove one of the two"));
    } else {
      out.push_back({*item.text(), item.place});
    }
  }
  for (const Located<std::string>& name : out) {
    if (!name.value.empty())
      continue;
    findings_.add(invalid("E0112", name.place, what(key) + " is an empty text"));
  }
  return out;
}

void TableReader::finish() {
  for (const Member& member : table_) {
    if (findings_.full())
      return;
    const std::string& key = member.key.value;
    if (std::find(known_.begin(), known_.end(), key) != known_.end())
      continue;
    findings_.add(invalid("E0106", member.key.place, "unknown key " + shown(key) + " of " + owner_,
                          suggest(key, known_)));
  }
}

}  // namespace sage::spec
