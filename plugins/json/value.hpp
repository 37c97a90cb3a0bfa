#pragma once
// A value of any field type, as options give it: the default of a field.

#include <sage/plugin.hpp>

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sage::json {

// Data is held as its bytes, a timestamp as its nanoseconds.
using Value = std::variant<bool, std::int64_t, double, std::string, std::vector<std::string>,
                           std::vector<std::int64_t>, std::vector<double>, std::vector<float>>;

// The value that an option means for a field of this type: data in base64, timestamps in RFC 3339.
// Nothing if it is of another type or does not fit.
std::optional<Value> value_of(const ConfigValue& given, Type type);

// `value` is one that value_of made for the slot's type.
void set_value(Row& row, const Slot& slot, const Value& value);

}  // namespace sage::json
