#include "library.hpp"

#include "patterns.hpp"
#include "stable.hpp"

#include <algorithm>
#include <cstring>

namespace sage::record {

namespace {

constexpr int kLibraries = 3;

int refuse_assignment(lua_State* state) {
  return luaL_error(state, "the libraries cannot be changed");
}

// string.rep(s, n [, sep]). Lua's own turns without end where n is large and s is empty.
int repeat(lua_State* state) {
  std::size_t length = 0;
  std::size_t between = 0;
  const char* const text = luaL_checklstring(state, 1, &length);
  const lua_Integer n = luaL_checkinteger(state, 2);
  const char* const separator = luaL_optlstring(state, 3, "", &between);
  if (n <= 0 || length + between == 0) {
    lua_pushliteral(state, "");
    return 1;
  }
  constexpr std::size_t kLengthMax = std::size_t{1} << 31;
  if (length + between > kLengthMax ||
      static_cast<std::size_t>(n) > kLengthMax / (length + between)) {
    return luaL_error(state, "resulting string too large");
  }
  const std::size_t total = static_cast<std::size_t>(n) * (length + between) - between;
  luaL_Buffer buffer;
  char* to = luaL_buffinitsize(state, &buffer, total);
  for (lua_Integer i = 0; i < n; ++i) {
    std::memcpy(to, text, length);
    to += length;
    if (i + 1 < n) {
      std::memcpy(to, separator, between);
      to += between;
    }
  }
  luaL_pushresultsize(&buffer, total);
  return 1;
}

// The library on top of the stack becomes one that nobody can change.
void make_read_only(lua_State* state) {
  lua_newtable(state);
  lua_createtable(state, 0, 2);
  lua_pushvalue(state, -3);
  lua_setfield(state, -2, "__index");
  lua_pushcfunction(state, refuse_assignment);
  lua_setfield(state, -2, "__newindex");
  lua_setmetatable(state, -2);
  lua_replace(state, -2);
}

}  // namespace

std::span<const std::string> library_names() {
  static const std::string kNames[] = {"string", "math",     "utf8",     "error", "assert",
                                       "type",   "tostring", "tonumber", "select"};
  return kNames;
}

bool is_library(std::string_view name) {
  const auto libraries = library_names().first(kLibraries);
  return std::ranges::find(libraries, name) != libraries.end();
}

bool is_function(std::string_view name) {
  const auto functions = library_names().subspan(kLibraries);
  return std::ranges::find(functions, name) != functions.end();
}

void push_library(lua_State* state, bool shared) {
  constexpr lua_CFunction kOpen[kLibraries] = {luaopen_string, luaopen_math, luaopen_utf8};
  const auto names = library_names();
  lua_createtable(state, static_cast<int>(names.size()), 0);
  for (int i = 0; i < kLibraries; ++i) {
    luaL_requiref(state, names[i].c_str(), kOpen[i], 0);
    if (i == 0) {
      lua_pushnil(state);
      lua_setfield(state, -2, "dump");
      lua_pushcfunction(state, repeat);
      lua_setfield(state, -2, "rep");
      set_pattern_functions(state);
      set_format(state);
    } else if (i == 1) {
      refuse_chance(state);
    }
    if (!shared) {
      make_read_only(state);
    }
    lua_rawseti(state, -2, i + 1);
  }
  luaL_requiref(state, "_G", luaopen_base, 0);
  lua_pushcfunction(state, to_string);
  lua_setfield(state, -2, "tostring");
  for (int i = kLibraries; i < static_cast<int>(names.size()); ++i) {
    lua_getfield(state, -1, names[i].c_str());
    lua_rawseti(state, -3, i + 1);
  }
  lua_pop(state, 1);
  // The table of globals holds `load` and its like, and nobody needs it any more.
  lua_newtable(state);
  lua_rawseti(state, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
}

}  // namespace sage::record
