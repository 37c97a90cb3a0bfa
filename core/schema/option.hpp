#pragma once
// Option values after checking: what an operator's create and resolve see. Values. [any]

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sage::schema {

struct OptionValue;
using OptionList = std::vector<OptionValue>;
using OptionTable = std::vector<std::pair<std::string, OptionValue>>;  // in file order

// Durations are nanoseconds and byte sizes bytes, both as int64.
struct OptionValue {
  std::variant<bool, std::int64_t, double, std::string, OptionList, OptionTable> data;
};

inline const OptionValue* find(const OptionTable& table, std::string_view name) {
  for (const auto& [key, value] : table) {
    if (key == name)
      return &value;
  }
  return nullptr;
}

}  // namespace sage::schema
