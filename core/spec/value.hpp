#pragma once
// What a pipeline file says, with places: a TOML value after interpolation. Tables keep the order
// of the file. Values; immutable after parsing. [any]

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sage::spec {

template <class T>
struct Located {
  T value{};
  Place place;
};

struct Value;
struct Member;
using List = std::vector<Value>;
using Table = std::vector<Member>;

struct Value {
  std::variant<bool, std::int64_t, double, std::string, List, Table> data;
  Place place;
  // A text that held ${...}: it may be converted to the type that is wanted.
  bool interpolated = false;
  // A TOML date or time, without quotes, as it is written; no text.
  bool is_date = false;

  const Table* table() const { return std::get_if<Table>(&data); }
  const List* list() const { return std::get_if<List>(&data); }
  const std::string* text() const { return is_date ? nullptr : std::get_if<std::string>(&data); }
  const std::string* date() const { return is_date ? std::get_if<std::string>(&data) : nullptr; }
};

struct Member {
  Located<std::string> key;
  Value value;
};

// nullptr: not there.
const Value* find(const Table& table, std::string_view key);

// "text", "integer", "list", ... for messages.
std::string_view type_name(const Value& value);

}  // namespace sage::spec
