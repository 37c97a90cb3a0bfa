#include "patterns.hpp"

#include "lua_state.hpp"
#include "matcher.hpp"

#include <cstring>

namespace sage::record {

namespace {

std::string_view text_argument(lua_State* state, int index) {
  std::size_t length = 0;
  const char* const text = luaL_checklstring(state, index, &length);
  return {text, length};
}

// Where `init` points to, from 0 on; past the end of the text if it does.
std::size_t start_argument(lua_State* state, int index, std::size_t length) {
  const lua_Integer init = luaL_optinteger(state, index, 1);
  const auto size = static_cast<lua_Integer>(length);
  if (init > 0) {
    return init > size + 1 ? length + 1 : static_cast<std::size_t>(init - 1);
  }
  return init == 0 || init < -size ? 0 : static_cast<std::size_t>(size + init);
}

bool is_plain(std::string_view pattern) {
  return pattern.find_first_of("^$*+?.([%-") == std::string_view::npos;
}

int find_plain(lua_State* state, std::string_view text, std::string_view part, std::size_t start) {
  Matcher::spend(state, LuaState::steps_of(state), (text.size() - start + part.size()) / 8);
  const void* const found =
      memmem(text.data() + start, text.size() - start, part.data(), part.size());
  if (found == nullptr) {
    lua_pushnil(state);
    return 1;
  }
  const auto at = static_cast<const char*>(found) - text.data();
  lua_pushinteger(state, at + 1);
  lua_pushinteger(state, at + static_cast<std::ptrdiff_t>(part.size()));
  return 2;
}

// string.find (`find`) or string.match.
int search(lua_State* state, bool find) {
  const std::string_view text = text_argument(state, 1);
  std::string_view pattern = text_argument(state, 2);
  const std::size_t start = start_argument(state, 3, text.size());
  if (start > text.size()) {
    lua_pushnil(state);
    return 1;
  }
  if (find && (lua_toboolean(state, 4) != 0 || is_plain(pattern))) {
    return find_plain(state, text, pattern, start);
  }
  const bool anchored = pattern.starts_with('^');
  pattern.remove_prefix(anchored ? 1 : 0);
  Matcher matcher(state, text, pattern, LuaState::steps_of(state));
  const char* const last = text.data() + text.size();
  for (const char* at = text.data() + start; at <= last; ++at) {
    if (const char* const end = matcher.match_at(at); end != nullptr) {
      if (!find) {
        return matcher.push_captures({at, end});
      }
      lua_pushinteger(state, at - text.data() + 1);
      lua_pushinteger(state, end - text.data());
      return matcher.push_captures({}) + 2;
    }
    if (anchored) {
      break;
    }
  }
  lua_pushnil(state);
  return 1;
}

int find(lua_State* state) { return search(state, true); }
int match(lua_State* state) { return search(state, false); }

// The iterator of gmatch; upvalues: text, pattern, where to look on, where the last match ended.
int next_match(lua_State* state) {
  const std::string_view text = text_argument(state, lua_upvalueindex(1));
  const std::string_view pattern = text_argument(state, lua_upvalueindex(2));
  const char* const last = text.data() + text.size();
  const lua_Integer ended = lua_tointeger(state, lua_upvalueindex(4));
  const char* const before = ended < 0 ? nullptr : text.data() + ended;
  Matcher matcher(state, text, pattern, LuaState::steps_of(state));
  for (const char* at = text.data() + lua_tointeger(state, lua_upvalueindex(3)); at <= last; ++at) {
    const char* const end = matcher.match_at(at);
    if (end == nullptr || end == before) {
      continue;
    }
    lua_pushinteger(state, end - text.data());
    lua_pushvalue(state, -1);
    lua_replace(state, lua_upvalueindex(3));
    lua_replace(state, lua_upvalueindex(4));
    return matcher.push_captures({at, end});
  }
  return 0;
}

int match_all(lua_State* state) {
  const std::string_view text = text_argument(state, 1);
  text_argument(state, 2);
  const std::size_t start = start_argument(state, 3, text.size());
  lua_settop(state, 2);
  lua_pushinteger(state, static_cast<lua_Integer>(start));
  lua_pushinteger(state, -1);
  lua_pushcclosure(state, next_match, 4);
  return 1;
}

// A replacement text: %0 is the match, %1 a capture, %% a percent sign.
void add_text(lua_State* state, luaL_Buffer& buffer, Matcher& matcher, std::string_view match) {
  const std::string_view text = text_argument(state, 3);
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      luaL_addchar(&buffer, text[i]);
      continue;
    }
    const char next = ++i < text.size() ? text[i] : '\0';
    if (next == '%') {
      luaL_addchar(&buffer, next);
    } else if (next == '0') {
      luaL_addlstring(&buffer, match.data(), match.size());
    } else if (next >= '1' && next <= '9') {
      matcher.push_capture(next - '1', match);
      luaL_tolstring(state, -1, nullptr);
      lua_remove(state, -2);
      luaL_addvalue(&buffer);
    } else {
      luaL_error(state, "invalid use of '%%' in replacement string");
    }
  }
}

// Adds what the third argument makes of a match; nil and false leave it as it is.
void add_replacement(lua_State* state, luaL_Buffer& buffer, Matcher& matcher,
                     std::string_view match) {
  switch (lua_type(state, 3)) {
    case LUA_TFUNCTION:
      lua_pushvalue(state, 3);
      lua_call(state, matcher.push_captures(match), 1);
      break;
    case LUA_TTABLE:
      matcher.push_capture(0, match);
      lua_gettable(state, 3);
      break;
    default:
      add_text(state, buffer, matcher, match);
      return;
  }
  if (lua_toboolean(state, -1) == 0) {
    lua_pop(state, 1);
    luaL_addlstring(&buffer, match.data(), match.size());
    return;
  }
  if (lua_isstring(state, -1) == 0) {
    luaL_error(state, "invalid replacement value (a %s)", luaL_typename(state, -1));
  }
  luaL_addvalue(&buffer);
}

int replace_all(lua_State* state) {
  const std::string_view text = text_argument(state, 1);
  std::string_view pattern = text_argument(state, 2);
  const int type = lua_type(state, 3);
  luaL_argexpected(
      state,
      type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TFUNCTION || type == LUA_TTABLE, 3,
      "string/function/table");
  const lua_Integer limit = luaL_optinteger(state, 4, static_cast<lua_Integer>(text.size()) + 1);
  const bool anchored = pattern.starts_with('^');
  pattern.remove_prefix(anchored ? 1 : 0);
  const char* const last = text.data() + text.size();
  const char* at = text.data();
  const char* before = nullptr;  // the end of the last match
  lua_Integer count = 0;
  Matcher matcher(state, text, pattern, LuaState::steps_of(state));
  luaL_Buffer buffer;
  luaL_buffinit(state, &buffer);
  while (count < limit) {
    const char* const end = matcher.match_at(at);
    if (end != nullptr && end != before) {
      ++count;
      add_replacement(state, buffer, matcher, {at, end});
      at = before = end;
    } else if (at < last) {
      luaL_addchar(&buffer, *at++);
    } else {
      break;
    }
    if (anchored) {
      break;
    }
  }
  luaL_addlstring(&buffer, at, static_cast<std::size_t>(last - at));
  luaL_pushresult(&buffer);
  lua_pushinteger(state, count);
  return 2;
}

}  // namespace

void set_pattern_functions(lua_State* state) {
  constexpr luaL_Reg kFunctions[] = {{"find", find},
                                     {"match", match},
                                     {"gmatch", match_all},
                                     {"gsub", replace_all},
                                     {nullptr, nullptr}};
  luaL_setfuncs(state, kFunctions, 0);
}

}  // namespace sage::record
