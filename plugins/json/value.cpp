#include "value.hpp"

#include <sage/base64.hpp>
#include <sage/time.hpp>

#include <cmath>

namespace sage::json {

namespace {

constexpr std::int64_t kExactIntegers = std::int64_t{1} << 53;  // of a double, both ways

std::optional<double> real_of(const ConfigValue& given) {
  const std::int64_t whole = given.integer();
  const bool exact = whole >= -kExactIntegers && whole <= kExactIntegers;
  if (given.is_real() || (given.is_integer() && exact)) {
    return given.real();
  }
  return std::nullopt;
}

// The items of a list, each through `item`, which answers nothing where one does not fit.
template <class T, class Item>
std::optional<Value> list_of(const ConfigValue& given, Item item) {
  if (!given.is_list()) {
    return std::nullopt;
  }
  std::vector<T> items;
  for (const auto [key, value] : given) {
    const auto converted = item(value);
    if (!converted) {
      return std::nullopt;
    }
    items.push_back(*converted);
  }
  return items;
}

std::optional<std::int64_t> int_item(const ConfigValue& given) {
  return given.is_integer() ? std::optional(given.integer()) : std::nullopt;
}
std::optional<std::string> text_item(const ConfigValue& given) {
  return given.is_text() ? std::optional<std::string>(given.text()) : std::nullopt;
}
std::optional<float> float_item(const ConfigValue& given) {
  const auto real = real_of(given);
  const auto narrow = static_cast<float>(real.value_or(0));
  const bool fits = real && (std::isfinite(narrow) || !std::isfinite(*real));
  return fits ? std::optional(narrow) : std::nullopt;
}

std::optional<Value> text_value(const ConfigValue& given, Type type) {
  if (!given.is_text()) {
    return std::nullopt;
  }
  if (type == Type::kTimestamp) {
    const auto at = parse_timestamp(given.text());
    return at ? std::optional<Value>(at->ns) : std::nullopt;
  }
  if (type == Type::kData) {
    std::vector<std::uint8_t> bytes;
    return decode_base64(given.text(), bytes) ? std::optional<Value>(std::string(as_text(bytes)))
                                              : std::nullopt;
  }
  return std::string(given.text());
}

}  // namespace

std::optional<Value> value_of(const ConfigValue& given, Type type) {
  switch (type) {
    case Type::kBool:
      return given.is_bool() ? std::optional<Value>(given.boolean()) : std::nullopt;
    case Type::kInt64:
      return given.is_integer() ? std::optional<Value>(given.integer()) : std::nullopt;
    case Type::kFloat64: {
      const auto real = real_of(given);
      return real ? std::optional<Value>(*real) : std::nullopt;
    }
    case Type::kText:
    case Type::kData:
    case Type::kTimestamp:
      return text_value(given, type);
    case Type::kListText:
      return list_of<std::string>(given, text_item);
    case Type::kListInt64:
      return list_of<std::int64_t>(given, int_item);
    case Type::kListFloat64:
      return list_of<double>(given, real_of);
    case Type::kListFloat32:
      return list_of<float>(given, float_item);
  }
  return std::nullopt;
}

void set_value(Row& row, const Slot& slot, const Value& value) {
  switch (slot.type) {
    case Type::kBool:
      return row.set(slot.as<bool>(), std::get<bool>(value));
    case Type::kInt64:
    case Type::kTimestamp:
      return row.set(slot.as<std::int64_t>(), std::get<std::int64_t>(value));
    case Type::kFloat64:
      return row.set(slot.as<double>(), std::get<double>(value));
    case Type::kText:
      return row.set(slot.as<std::string_view>(), std::get<std::string>(value));
    case Type::kData:
      return row.set(slot.as<BytesView>(), as_bytes(std::get<std::string>(value)));
    case Type::kListText:
      return row.set(slot.as<ListView<std::string_view>>(),
                     std::get<std::vector<std::string>>(value));
    case Type::kListInt64:
      return row.set(slot.as<ListView<std::int64_t>>(), std::get<std::vector<std::int64_t>>(value));
    case Type::kListFloat64:
      return row.set(slot.as<ListView<double>>(), std::get<std::vector<double>>(value));
    case Type::kListFloat32:
      return row.set(slot.as<ListView<float>>(), std::get<std::vector<float>>(value));
  }
}

}  // namespace sage::json
