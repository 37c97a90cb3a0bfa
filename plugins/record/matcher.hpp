#pragma once
// Lua's patterns (manual, 6.4.1), matched in a bounded number of steps: Lua's own matcher goes back
// and forth over a text for hours where a pattern such as `.-.-.-x` asks for it.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <lua.hpp>

namespace sage::record {

// Tries one pattern on one text. Errors, a used-up budget included, are Lua errors, so an object
// needs no destructor and everything here is called in protected mode.
class Matcher {
 public:
  // `steps`: what is left of the budget; lives longer than the matcher.
  Matcher(lua_State* state, std::string_view text, std::string_view pattern, std::int64_t* steps)
      : state_(state),
        begin_(text.data()),
        end_(text.data() + text.size()),
        pattern_end_(pattern.data() + pattern.size()),
        pattern_(pattern.data()),
        steps_(steps) {}

  // The end of a match that begins at `at`; null if there is none. `pattern` is without its ^.
  const char* match_at(const char* at) {
    captures_ = 0;
    depth_ = 0;
    return match(at, pattern_);
  }

  // Takes from a budget for work that is no match.
  static void spend(lua_State* state, std::int64_t* steps, std::size_t wanted) {
    *steps -= static_cast<std::int64_t>(wanted);
    if (*steps < 0) [[unlikely]] {
      luaL_error(state, "the patterns of one record take too many steps");
    }
  }

  // Of the last match: pushes its captures; without any `whole`, the match, unless its data are
  // null.
  int push_captures(std::string_view whole);
  // Capture i from 0 on; without any, 0 is the whole match.
  void push_capture(int i, std::string_view whole);

 private:
  struct Capture {
    const char* start;
    std::ptrdiff_t length;  // or one of these
  };
  static constexpr std::ptrdiff_t kOpen = -1;
  static constexpr std::ptrdiff_t kPosition = -2;
  static constexpr int kCapturesMax = 32;
  static constexpr int kDepthMax = 200;

  const char* match(const char* s, const char* p);
  const char* match_item(const char* s, const char* p, const char* after);
  const char* match_special(const char* s, const char*& p);
  const char* most(const char* s, const char* p, const char* after);
  const char* least(const char* s, const char* p, const char* after);
  const char* open_capture(const char* s, const char* p, std::ptrdiff_t length);
  const char* close_capture(const char* s, const char* p);
  const char* match_balance(const char* s, const char* p);
  const char* match_border(const char* s, const char*& p);
  const char* match_earlier(const char* s, char digit);
  const char* item_end(const char* p);
  bool is_single(const char* s, const char* p, const char* after);
  bool in_set(int c, const char* p, const char* close);
  int earlier(char digit);
  void spend(std::ptrdiff_t steps) { spend(state_, steps_, static_cast<std::size_t>(steps)); }

  lua_State* state_;
  const char* begin_;
  const char* end_;
  const char* pattern_end_;
  const char* pattern_;
  std::int64_t* steps_;
  int captures_ = 0;
  int depth_ = 0;
  Capture capture_[kCapturesMax];
};

}  // namespace sage::record
