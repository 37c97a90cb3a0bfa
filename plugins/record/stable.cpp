#include "stable.hpp"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace sage::record {

namespace {

constexpr const char* kChance[] = {"random", "randomseed"};

bool has_text(lua_State* state, int index) {
  switch (lua_type(state, index)) {
    case LUA_TNIL:
    case LUA_TBOOLEAN:
    case LUA_TNUMBER:
    case LUA_TSTRING:
      return true;
    default:
      return false;
  }
}

// Looks at what each % asks for; the work is Lua's.
int format(lua_State* state) {
  std::size_t length = 0;
  const char* at = luaL_checklstring(state, 1, &length);
  const char* const end = at + length;
  int argument = 1;
  while ((at = std::find(at, end, '%')) != end) {
    at = std::find_if(at + 1, end, [](char c) {
      return c == '\0' || std::strchr("-+ #0123456789.", c) == nullptr;
    });
    if (at == end) {
      break;
    }
    argument += *at == '%' ? 0 : 1;
    if (*at == 'p') {
      return luaL_error(state, "string.format has no %%p here: addresses differ in every run");
    }
    if (*at++ == 's' && argument <= lua_gettop(state) && !has_text(state, argument)) {
      push_text(state, argument);
      lua_replace(state, argument);
    }
  }
  return lua_tocfunction(state, lua_upvalueindex(1))(state);
}

int refuse(lua_State* state) {
  return luaL_error(state, "math.%s is not there: %s", lua_tostring(state, lua_upvalueindex(1)),
                    kWithoutChance);
}

}  // namespace

void push_text(lua_State* state, int index) {
  if (has_text(state, index)) {
    luaL_tolstring(state, index, nullptr);
  } else {
    lua_pushstring(
        state, lua_type(state, index) == LUA_TUSERDATA ? "record" : luaL_typename(state, index));
  }
}

int to_string(lua_State* state) {
  luaL_checkany(state, 1);
  push_text(state, 1);
  return 1;
}

void set_format(lua_State* state) {
  lua_getfield(state, -1, "format");
  lua_pushcclosure(state, format, 1);
  lua_setfield(state, -2, "format");
}

bool is_chance(std::string_view member) {
  return std::find(std::begin(kChance), std::end(kChance), member) != std::end(kChance);
}

void refuse_chance(lua_State* state) {
  for (const char* const name : kChance) {
    lua_pushstring(state, name);
    lua_pushcclosure(state, refuse, 1);
    lua_setfield(state, -2, name);
  }
}

}  // namespace sage::record
