#pragma once
// Option values after checking: what an operator's create and resolve see. Values. [any]

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sage::schema {

struct OptionValue;
using OptionList = std::vector<OptionValue>;
struct OptionMember;
using OptionTable = std::vector<OptionMember>;  // in file order

// Durations are nanoseconds and byte sizes bytes, both as int64.
struct OptionValue {
  std::variant<bool, std::int64_t, double, std::string, OptionList, OptionTable> data;
};

struct OptionMember {
  std::string name;
  OptionValue value;
};

inline const OptionValue* find(const OptionTable& table, std::string_view name) {
  for (const auto& [key, value] : table) {
    if (key == name)
      return &value;
  }
  return nullptr;
}

}  // namespace sage::schema
