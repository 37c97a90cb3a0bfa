#include "convert.hpp"

#include <charconv>
#include <cmath>

namespace sage::record {

namespace {

constexpr std::size_t kShownMax = 40;  // bytes of a text in a message

void push(lua_State* state, std::int64_t value) { lua_pushinteger(state, value); }
void push(lua_State* state, double value) { lua_pushnumber(state, value); }
void push(lua_State* state, std::string_view value) {
  lua_pushlstring(state, value.data(), value.size());
}

template <class T>
void push_list(lua_State* state, ListView<T> list) {
  lua_createtable(state, static_cast<int>(list.size()), 0);
  lua_Integer i = 0;
  for (const T item : list) {
    push(state, item);
    lua_rawseti(state, -2, ++i);
  }
}

}  // namespace

void push_field(lua_State* state, Record record, const Slot& slot) {
  switch (slot.type) {
    case Type::kBool:
      return lua_pushboolean(state, record[slot.as<bool>()] ? 1 : 0);
    case Type::kInt64:
    case Type::kTimestamp:
      return push(state, record[slot.as<std::int64_t>()]);
    case Type::kFloat64:
      return push(state, record[slot.as<double>()]);
    case Type::kText:
      return push(state, record[slot.as<std::string_view>()]);
    case Type::kData:
      return push(state, as_text(record[slot.as<BytesView>()]));
    case Type::kListText:
      return push_list(state, record[slot.as<ListView<std::string_view>>()]);
    case Type::kListInt64:
      return push_list(state, record[slot.as<ListView<std::int64_t>>()]);
    case Type::kListFloat64:
      return push_list(state, record[slot.as<ListView<double>>()]);
    case Type::kListFloat32:
      return push_list(state, record[slot.as<ListView<float>>()]);
  }
}

std::string shown(lua_State* state, int index) {
  switch (lua_type(state, index)) {
    case LUA_TNIL:
      return "nil";
    case LUA_TBOOLEAN:
      return lua_toboolean(state, index) != 0 ? "true" : "false";
    case LUA_TNUMBER: {
      if (lua_isinteger(state, index) != 0) {
        return std::to_string(lua_tointegerx(state, index, nullptr));
      }
      char buffer[40];
      const double number = lua_tonumberx(state, index, nullptr);
      std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
      const bool whole = text.find_first_of(".enf") == std::string::npos;
      return whole ? text + ".0" : text;
    }
    case LUA_TSTRING: {
      std::size_t length = 0;
      const char* const text = lua_tolstring(state, index, &length);
      const std::string start(text, length < kShownMax ? length : kShownMax);
      return '"' + start + (length > kShownMax ? "...\"" : "\"");
    }
    default:
      return std::string("a ") + luaL_typename(state, index);
  }
}

void FieldSetter::refuse(int index, const std::string& reason, sage_status code) {
  const std::string_view item = index == index_ ? "" : " (an item of the list)";
  throw RecordError(code, std::string(place_) + ": " + reason + ", and this is " +
                              shown(state_, index) + std::string(item));
}

std::int64_t FieldSetter::integer(int index) {
  int exact = 0;
  const std::int64_t value =
      lua_type(state_, index) == LUA_TNUMBER ? lua_tointegerx(state_, index, &exact) : 0;
  if (exact == 0) {
    const bool number = lua_type(state_, index) == LUA_TNUMBER;
    refuse(index, std::string(type_name(type_)) + " takes a whole number within its range",
           number ? SAGE_E_RANGE : SAGE_E_DATA);
  }
  return value;
}

double FieldSetter::real(int index) {
  if (lua_type(state_, index) != LUA_TNUMBER) {
    refuse(index, std::string(type_name(type_)) + " takes a number");
  }
  const double value = lua_tonumberx(state_, index, nullptr);
  if (lua_isinteger(state_, index) != 0) {
    constexpr double kAboveAll = 9223372036854775808.0;  // the largest int64 rounds up to this
    if (value >= kAboveAll ||
        static_cast<std::int64_t>(value) != lua_tointegerx(state_, index, nullptr)) {
      refuse(index, std::string(type_name(type_)) + " takes what a double holds exactly",
             SAGE_E_RANGE);
    }
  }
  return value;
}

float FieldSetter::narrow(int index) {
  const double value = real(index);
  const auto result = static_cast<float>(value);
  if (std::isinf(result) && !std::isinf(value)) {
    refuse(index, "float32 takes a number within its range", SAGE_E_RANGE);
  }
  return result;
}

std::string_view FieldSetter::text(int index) {
  if (lua_type(state_, index) != LUA_TSTRING) {
    const bool number = lua_type(state_, index) == LUA_TNUMBER;
    refuse(index, std::string(type_name(type_)) + " takes a string" +
                      (number ? " (tostring makes one)" : ""));
  }
  std::size_t length = 0;
  const char* const bytes = lua_tolstring(state_, index, &length);
  return {bytes, length};
}

// Items stay where they are in Lua, reachable from the table, so views of them hold.
template <class T, class Item>
void FieldSetter::set_list(Row& row, Field<ListView<T>> field, std::vector<T>& items, Item item) {
  items.clear();
  if (lua_type(state_, index_) != LUA_TTABLE || lua_checkstack(state_, 3) == 0) {
    refuse(index_, std::string(type_name(type_)) + " takes a table");
  }
  const auto size = static_cast<std::size_t>(lua_rawlen(state_, index_));
  const int top = lua_gettop(state_);
  for (std::size_t i = 1; i <= size; ++i) {
    lua_rawgeti(state_, index_, static_cast<lua_Integer>(i));
    items.push_back(item(top + 1));
    lua_settop(state_, top);
  }
  std::size_t entries = 0;
  for (lua_pushnil(state_); lua_next(state_, index_) != 0; lua_pop(state_, 1)) {
    ++entries;
  }
  if (entries != size) {
    throw RecordError(std::string(place_) + ": " + std::string(type_name(type_)) +
                      " takes a sequence, and this table has other keys or gaps");
  }
  row.set(field, items);
}

void FieldSetter::set(Row& row, const Slot& slot, int index, std::string_view place) {
  place_ = place;
  type_ = slot.type;
  index_ = index;
  switch (slot.type) {
    case Type::kBool:
      if (lua_type(state_, index) != LUA_TBOOLEAN) {
        refuse(index, "bool takes true or false");
      }
      return row.set(slot.as<bool>(), lua_toboolean(state_, index) != 0);
    case Type::kInt64:
    case Type::kTimestamp:
      return row.set(slot.as<std::int64_t>(), integer(index));
    case Type::kFloat64:
      return row.set(slot.as<double>(), real(index));
    case Type::kText:
      return row.set(slot.as<std::string_view>(), text(index));
    case Type::kData:
      return row.set(slot.as<BytesView>(), as_bytes(text(index)));
    case Type::kListText:
      return set_list(row, slot.as<ListView<std::string_view>>(), texts_,
                      [&](int i) { return text(i); });
    case Type::kListInt64:
      return set_list(row, slot.as<ListView<std::int64_t>>(), integers_,
                      [&](int i) { return integer(i); });
    case Type::kListFloat64:
      return set_list(row, slot.as<ListView<double>>(), reals_, [&](int i) { return real(i); });
    case Type::kListFloat32:
      return set_list(row, slot.as<ListView<float>>(), floats_, [&](int i) { return narrow(i); });
  }
}

}  // namespace sage::record
