#pragma once
// Field values to Lua and back.

#include "json/value.hpp"

#include <sage/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <lua.hpp>

namespace sage::record {

// Pushes a field's value: integers for int64 and timestamps, strings for texts and data, tables
// for lists. In protected mode, with two free places on the stack.
void push_field(lua_State* state, Record record, const Slot& slot);

// Sets a field of a row to a Lua value, if that is one of the field's type and nothing is lost:
// integers and whole floats for int64 and timestamps, numbers that a double holds exactly for
// float64, strings for texts and data, sequences for lists. Numbers are rounded to float32.
class FieldSetter {
 public:
  explicit FieldSetter(lua_State* state) : state_(state) {}
  // The value is that at `index`, a positive one. Throws RecordError, which begins with `place`.
  void set(Row& row, const Slot& slot, int index, std::string_view place);

 private:
  [[noreturn]] void refuse(int index, const std::string& reason, sage_status code = SAGE_E_DATA);
  std::int64_t integer(int index);
  double real(int index);
  float narrow(int index);
  std::string_view text(int index);
  template <class T, class Item>
  void set_list(Row& row, Field<ListView<T>> field, std::vector<T>& items, Item item);

  lua_State* state_;
  // Of the value at hand.
  std::string_view place_;
  Type type_ = Type::kText;
  int index_ = 0;
  // Kept for their memory.
  std::vector<std::string_view> texts_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<float> floats_;
};

// A Lua value as messages show it: `nil`, `1.5`, `"a"`, `a table`.
std::string shown(lua_State* state, int index);

}  // namespace sage::record
