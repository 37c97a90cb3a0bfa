#include "decode.hpp"

#include "number.hpp"

#include <sage/base64.hpp>
#include <sage/time.hpp>

#include <charconv>
#include <cmath>

namespace sage::json {

namespace {

constexpr std::size_t kShownMax = 40;  // bytes of a value in a message

// A value as messages show it.
std::string shown(std::string_view token) {
  if (token.starts_with('{')) {
    return "an object";
  }
  if (token.starts_with('[')) {
    return "a list";
  }
  if (token.size() <= kShownMax) {
    return std::string(token);
  }
  std::size_t end = kShownMax;
  while (end > 0 && (token[end] & 0xc0) == 0x80) {
    --end;
  }
  return std::string(token.substr(0, end)) + "...";
}

constexpr std::string_view kExactTime =
    "a timestamp in RFC 3339 (years 1677 to 2262, at most 9 digits of a second, no second 60)";

[[noreturn]] void throw_wrong(const Target& target, std::string_view wanted,
                              std::string_view token) {
  throw RecordError("field '" + target.name + "': " + std::string(wanted) + " wanted, found " +
                    shown(token));
}

[[noreturn]] void throw_range(const Target& target, std::string_view type, std::string_view token) {
  throw RecordError(SAGE_E_RANGE, "field '" + target.name + "': " + shown(token) +
                                      " is out of the range of " + std::string(type));
}

// One reader per type; `token` is the value's text.

bool read_bool(const Target& target, std::string_view token) {
  if (token != "true" && token != "false") {
    throw_wrong(target, "true or false", token);
  }
  return token == "true";
}

std::int64_t read_integer(const Target& target, std::string_view token) {
  if (number_kind(token) != NumberKind::kInteger) {
    throw_wrong(target, "int64 (a number without fraction and exponent)", token);
  }
  std::int64_t result = 0;
  if (std::from_chars(token.data(), token.data() + token.size(), result).ec != std::errc{}) {
    throw_range(target, "int64", token);
  }
  return result;
}

double read_real(const Target& target, ondemand::value value, std::string_view token) {
  if (number_kind(token) == NumberKind::kNone) {
    throw_wrong(target, "a number", token);
  }
  double result = 0;
  if (value.get_double().get(result) != simdjson::SUCCESS || !std::isfinite(result)) {
    throw_range(target, "float64", token);
  }
  return result;
}

// Rounded once, from the decimal text; what is too small is zero, or nearly.
float read_float(const Target& target, ondemand::value value, std::string_view token) {
  const auto rounded = static_cast<float>(read_real(target, value, token));
  float result = rounded;
  if (std::from_chars(token.data(), token.data() + token.size(), result).ec != std::errc{}) {
    result = rounded;
  }
  if (!std::isfinite(result)) {
    throw_range(target, "float32", token);
  }
  return result;
}

std::string_view read_text(const Target& target, std::string_view wanted, ondemand::value value,
                           std::string_view token) {
  if (!token.starts_with('"')) {
    throw_wrong(target, wanted, token);
  }
  return text_of(value, token);
}

enum class Half { kNone, kHigh, kLow };  // of a surrogate pair

// What the escape at `at`, if it is one, stands for.
Half half_at(std::string_view escaped, std::size_t at) {
  const std::string_view start = at < escaped.size() ? escaped.substr(at, 4) : std::string_view();
  if (start.size() < 4 || !start.starts_with("\\u") || (start[2] != 'd' && start[2] != 'D')) {
    return Half::kNone;
  }
  constexpr std::string_view kHigh = "89abAB";
  constexpr std::string_view kLow = "cdefCDEF";
  return kHigh.find(start[3]) != std::string_view::npos  ? Half::kHigh
         : kLow.find(start[3]) != std::string_view::npos ? Half::kLow
                                                         : Half::kNone;
}

// simdjson turns half a surrogate pair into bytes that are no UTF-8, or into an error.
bool has_lone_surrogate(std::string_view escaped) {
  for (std::size_t at = escaped.find('\\'); at != std::string_view::npos;
       at = escaped.find('\\', at)) {
    const Half half = half_at(escaped, at);
    if (half == Half::kLow || (half == Half::kHigh && half_at(escaped, at + 6) != Half::kLow)) {
      return true;
    }
    at += half == Half::kHigh ? 12 : 2;
  }
  return false;
}

}  // namespace

void throw_not_json(simdjson::error_code error) {
  if (error == simdjson::MEMALLOC) {
    throw std::bad_alloc();
  }
  throw RecordError(std::string("not a JSON object: ") + simdjson::error_message(error));
}

std::string_view token_of(ondemand::value value, const char* end) {
  std::string_view token = value.raw_json_token();
  if (token.data() >= end) [[unlikely]] {
    throw_not_json(simdjson::INCOMPLETE_ARRAY_OR_OBJECT);
  }
  token = token.substr(0, static_cast<std::size_t>(end - token.data()));
  while (std::string_view(" \t\n\r").find(token.back()) != std::string_view::npos) {
    token.remove_suffix(1);
  }
  return token;
}

std::string_view text_of(ondemand::value value, std::string_view token) {
  token.remove_prefix(1);
  token.remove_suffix(1);
  if (token.find('\\') == std::string_view::npos) {
    // Moves the iterator; left standing on a text, it would take it for the name of a member.
    check(value.get_raw_json_string().error());
    return token;
  }
  if (has_lone_surrogate(token)) {
    throw_not_json(simdjson::STRING_ERROR);
  }
  std::string_view text;
  check(value.get_string().get(text));
  return text;
}

template <class T, class Item>
void FieldDecoder::set_list(Row& row, const Target& target, ondemand::value value,
                            std::vector<T>& items, Item item) {
  ondemand::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) {
    throw_wrong(target, type_name(target.slot.type), token_of(value, end_));
  }
  items.clear();
  for (auto result : array) {
    ondemand::value element;
    check(std::move(result).get(element));
    items.push_back(item(element, token_of(element, end_)));
  }
  row.set(target.slot.as<ListView<T>>(), items);
}

void FieldDecoder::set(Row& row, const Target& target, ondemand::value value) {
  const Slot& slot = target.slot;
  const auto token = [&] { return token_of(value, end_); };
  const auto text = [&](std::string_view wanted) {
    return read_text(target, wanted, value, token());
  };
  switch (slot.type) {
    case Type::kBool:
      return row.set(slot.as<bool>(), read_bool(target, token()));
    case Type::kInt64:
      return row.set(slot.as<std::int64_t>(), read_integer(target, token()));
    case Type::kFloat64:
      return row.set(slot.as<double>(), read_real(target, value, token()));
    case Type::kText:
      return row.set(slot.as<std::string_view>(), text("a text"));
    case Type::kData:
      if (!decode_base64(text("a text in base64"), bytes_)) {
        throw_wrong(target, "base64", token());
      }
      return row.set(slot.as<BytesView>(), bytes_);
    case Type::kTimestamp: {
      const auto at = parse_timestamp(text("a timestamp in RFC 3339"));
      if (!at) {
        throw_wrong(target, kExactTime, token());
      }
      return row.set(slot.as<Timestamp>(), *at);
    }
    case Type::kListText:
      return set_list(row, target, value, texts_, [&](ondemand::value v, std::string_view t) {
        return read_text(target, "a list of texts", v, t);
      });
    case Type::kListInt64:
      return set_list(row, target, value, integers_,
                      [&](ondemand::value, std::string_view t) { return read_integer(target, t); });
    case Type::kListFloat64:
      return set_list(row, target, value, reals_, [&](ondemand::value v, std::string_view t) {
        return read_real(target, v, t);
      });
    case Type::kListFloat32:
      return set_list(row, target, value, floats_, [&](ondemand::value v, std::string_view t) {
        return read_float(target, v, t);
      });
  }
}

}  // namespace sage::json
