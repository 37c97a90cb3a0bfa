#include "spec/value.hpp"

namespace sage::spec {

const Value* find(const Table& table, std::string_view key) {
  for (const Member& member : table) {
    if (member.key.value == key)
      return &member.value;
  }
  return nullptr;
}

std::string_view type_name(const Value& value) {
  constexpr std::string_view kNames[] = {"boolean", "integer", "number", "text", "list", "table"};
  if (value.is_date)
    return "date";
  return kNames[value.data.index()];
}

}  // namespace sage::spec
