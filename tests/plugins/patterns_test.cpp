// The pattern functions of plugins/record beside those of the Lua library, on random patterns.

#include "patterns.hpp"

#include "lua_state.hpp"

#include <random>
#include <string>

#include <catch2/catch.hpp>

namespace sage::record {
namespace {

// What the functions of a library answer, or raise, as one text.
constexpr const char* kTry = R"(
local function shown(...)
  local out = ''
  for i = 1, select('#', ...) do out = out .. tostring((select(i, ...))) .. '|' end
  return out
end
return function(library, text, pattern, with)
  local function all()
    local out = ''
    for a, b, c in library.gmatch(text, pattern) do out = out .. shown(a, b, c) end
    return out
  end
  return 'find ' .. shown(pcall(library.find, text, pattern))
      .. ' match ' .. shown(pcall(library.match, text, pattern, -3))
      .. ' gmatch ' .. shown(pcall(all))
      .. ' gsub ' .. shown(pcall(library.gsub, text, pattern, with, 5))
end)";

struct Question {
  std::string text;
  std::string pattern;
  std::string with;
  std::string ours;
  std::string theirs;
};

void push_text(lua_State* state, const std::string& text) {
  lua_pushlstring(state, text.data(), text.size());
}

// Calls the function on top of the stack with the library at `library`.
void answer(lua_State* state, int library, const Question& question, std::string& to) {
  lua_pushvalue(state, -1);
  lua_pushvalue(state, library);
  push_text(state, question.text);
  push_text(state, question.pattern);
  push_text(state, question.with);
  lua_call(state, 4, 1);
  std::size_t length = 0;
  const char* const text = lua_tolstring(state, -1, &length);
  to.assign(text, length);
  lua_pop(state, 1);
}

int ask_both(lua_State* state) {
  Question& question = *static_cast<Question*>(LuaState::owner_of(state));
  luaL_requiref(state, "_G", luaopen_base, 1);
  luaopen_string(state);
  lua_newtable(state);
  set_pattern_functions(state);
  luaL_loadstring(state, kTry);
  lua_call(state, 0, 1);
  answer(state, 2, question, question.theirs);
  answer(state, 3, question, question.ours);
  return 0;
}

template <std::size_t kSize>
std::string some_of(const char* const (&parts)[kSize], std::size_t most, std::mt19937& random) {
  std::string text;
  for (std::size_t n = random() % (most + 1); n > 0; --n) {
    text += parts[random() % kSize];
  }
  return text;
}

}  // namespace

TEST_CASE("patterns mean what they mean in Lua, wrong ones too") {
  static constexpr const char* kTexts[] = {"a", "b", "ab", "(", ")", " ", "1", "x_y", "\xc3\xa9"};
  static constexpr const char* kPatterns[] = {
      "a",    "b",     ".",     "%a", "%d", "%w",    "%S",   "[ab]", "[^a]", "[a-c%d]",
      "[]]",  "(",     ")",     "()", "*",  "+",     "-",    "?",    "*",    "-",
      "%b()", "%f[a]", "%f[^a", "%1", "%2", "%",     "[",    "]",    "^",    "$",
      "%%",   "(a*)",  "(.-)",  "%(", "%g", "[%a_]", "[a-]", "%z",   "%x",   "[^%s]"};
  static constexpr const char* kWith[] = {"x", "%0", "%1", "%2", "%%", "%", ""};
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 20'000; ++round) {
    Question question;
    question.text = some_of(kTexts, 10, random);
    question.pattern = some_of(kPatterns, 6, random);
    question.with = some_of(kWith, 3, random);
    LuaState state;
    const auto error = state.call(ask_both, &question, 0);
    CAPTURE(question.text, question.pattern, question.with);
    REQUIRE_FALSE(error);
    REQUIRE(question.ours == question.theirs);
  }
}

}  // namespace sage::record
