#include "matcher.hpp"

#include <cctype>
#include <cstring>

namespace sage::record {

namespace {

int byte_at(const char* s) { return static_cast<unsigned char>(*s); }

// `letter` is what follows a %: a class, its complement if upper case, or a character itself.
bool in_class(int c, int letter) {
  bool found = false;
  switch (std::tolower(letter)) {
    case 'a':
      found = std::isalpha(c) != 0;
      break;
    case 'c':
      found = std::iscntrl(c) != 0;
      break;
    case 'd':
      found = std::isdigit(c) != 0;
      break;
    case 'g':
      found = std::isgraph(c) != 0;
      break;
    case 'l':
      found = std::islower(c) != 0;
      break;
    case 'p':
      found = std::ispunct(c) != 0;
      break;
    case 's':
      found = std::isspace(c) != 0;
      break;
    case 'u':
      found = std::isupper(c) != 0;
      break;
    case 'w':
      found = std::isalnum(c) != 0;
      break;
    case 'x':
      found = std::isxdigit(c) != 0;
      break;
    case 'z':  // of Lua 5.1, and not in the manual any more
      found = c == 0;
      break;
    default:
      return letter == c;
  }
  return std::isupper(letter) != 0 ? !found : found;
}

}  // namespace

// Where the item that begins at p ends, without what repeats it.
const char* Matcher::item_end(const char* p) {
  const char first = *p++;
  if (first == '%') {
    if (p == pattern_end_) {
      luaL_error(state_, "malformed pattern (ends with '%%')");
    }
    return p + 1;
  }
  if (first != '[') {
    return p;
  }
  if (p != pattern_end_ && *p == '^') {
    ++p;
  }
  do {  // a ] right behind the opening bracket is an element
    if (p == pattern_end_) {
      luaL_error(state_, "malformed pattern (missing ']')");
    }
    const bool escape = *p == '%' && p + 1 != pattern_end_;
    p += escape ? 2 : 1;
  } while (p == pattern_end_ || *p != ']');
  return p + 1;
}

// p is behind the opening bracket, `close` at the closing one.
bool Matcher::in_set(int c, const char* p, const char* close) {
  const bool wanted = *p != '^';
  p += wanted ? 0 : 1;
  spend(close - p);
  while (p < close) {
    if (*p == '%') {
      if (in_class(c, byte_at(p + 1))) {
        return wanted;
      }
      p += 2;
    } else if (p + 2 < close && p[1] == '-') {
      if (byte_at(p) <= c && c <= byte_at(p + 2)) {
        return wanted;
      }
      p += 3;
    } else if (byte_at(p++) == c) {
      return wanted;
    }
  }
  return !wanted;
}

// Whether the character at s is one that the item [p, after) means.
bool Matcher::is_single(const char* s, const char* p, const char* after) {
  spend(1);
  if (s >= end_) {
    return false;
  }
  const int c = byte_at(s);
  switch (*p) {
    case '.':
      return true;
    case '%':
      return in_class(c, byte_at(p + 1));
    case '[':
      return in_set(c, p + 1, after - 1);
    default:
      return byte_at(p) == c;
  }
}

const char* Matcher::match(const char* s, const char* p) {
  if (++depth_ > kDepthMax) {
    luaL_error(state_, "pattern too complex");
  }
  while (s != nullptr && p != pattern_end_) {
    if (*p == '(') {
      const bool position = p + 1 != pattern_end_ && p[1] == ')';
      s = position ? open_capture(s, p + 2, kPosition) : open_capture(s, p + 1, kOpen);
      break;
    }
    if (*p == ')') {
      s = close_capture(s, p + 1);
      break;
    }
    if (*p == '$' && p + 1 == pattern_end_) {
      s = s == end_ ? s : nullptr;
      break;
    }
    const char second = *p == '%' && p + 1 != pattern_end_ ? p[1] : '\0';
    if (second == 'b' || second == 'f' || (second >= '0' && second <= '9')) {
      s = match_special(s, p);
      continue;
    }
    const char* const after = item_end(p);
    const char repeat = after == pattern_end_ ? '\0' : *after;
    if (repeat == '*' || repeat == '+' || repeat == '-' || repeat == '?') {
      s = match_item(s, p, after);
      break;
    }
    s = is_single(s, p, after) ? s + 1 : nullptr;
    p = after;
  }
  --depth_;
  return s;
}

// %b, %f and %1; p moves behind it.
const char* Matcher::match_special(const char* s, const char*& p) {
  const char letter = p[1];
  p += 2;
  if (letter == 'f') {
    return match_border(s, p);
  }
  if (letter != 'b') {
    return match_earlier(s, letter);
  }
  if (pattern_end_ - p < 2) {
    luaL_error(state_, "malformed pattern (missing arguments to '%%b')");
  }
  p += 2;
  return match_balance(s, p - 2);
}

// An item that is repeated, and the rest of the pattern.
const char* Matcher::match_item(const char* s, const char* p, const char* after) {
  switch (*after) {
    case '*':
      return most(s, p, after);
    case '+':
      return is_single(s, p, after) ? most(s + 1, p, after) : nullptr;
    case '-':
      return least(s, p, after);
    default:
      if (is_single(s, p, after)) {
        if (const char* const end = match(s + 1, after + 1); end != nullptr) {
          return end;
        }
      }
      return match(s, after + 1);
  }
}

const char* Matcher::most(const char* s, const char* p, const char* after) {
  std::ptrdiff_t n = 0;
  while (is_single(s + n, p, after)) {
    ++n;
  }
  for (; n >= 0; --n) {
    spend(1);
    if (const char* const end = match(s + n, after + 1); end != nullptr) {
      return end;
    }
  }
  return nullptr;
}

const char* Matcher::least(const char* s, const char* p, const char* after) {
  while (true) {
    if (const char* const end = match(s, after + 1); end != nullptr) {
      return end;
    }
    if (!is_single(s, p, after)) {
      return nullptr;
    }
    ++s;
  }
}

const char* Matcher::open_capture(const char* s, const char* p, std::ptrdiff_t length) {
  if (captures_ >= kCapturesMax) {
    luaL_error(state_, "too many captures");
  }
  capture_[captures_++] = {s, length};
  const char* const end = match(s, p);
  captures_ -= end == nullptr ? 1 : 0;
  return end;
}

const char* Matcher::close_capture(const char* s, const char* p) {
  int i = captures_ - 1;
  while (i >= 0 && capture_[i].length != kOpen) {
    --i;
  }
  if (i < 0) {
    luaL_error(state_, "invalid pattern capture");
  }
  capture_[i].length = s - capture_[i].start;
  const char* const end = match(s, p);
  if (end == nullptr) {
    capture_[i].length = kOpen;
  }
  return end;
}

const char* Matcher::match_balance(const char* s, const char* p) {
  if (s >= end_ || *s != p[0]) {
    return nullptr;
  }
  std::int64_t open = 1;
  while (++s < end_) {
    spend(1);
    if (*s == p[1]) {
      if (--open == 0) {
        return s + 1;
      }
    } else if (*s == p[0]) {
      ++open;
    }
  }
  return nullptr;
}

// p is behind the f.
const char* Matcher::match_border(const char* s, const char*& p) {
  if (p == pattern_end_ || *p != '[') {
    luaL_error(state_, "missing '[' after '%%f' in pattern");
  }
  const char* const set = p + 1;
  p = item_end(p);
  const int before = s == begin_ ? '\0' : byte_at(s - 1);
  const int here = s == end_ ? '\0' : byte_at(s);
  return !in_set(before, set, p - 1) && in_set(here, set, p - 1) ? s : nullptr;
}

int Matcher::earlier(char digit) {
  const int i = digit - '1';
  if (i < 0 || i >= captures_ || capture_[i].length == kOpen) {
    luaL_error(state_, "invalid capture index %%%d", i + 1);
  }
  return i;
}

const char* Matcher::match_earlier(const char* s, char digit) {
  const Capture& capture = capture_[earlier(digit)];
  if (capture.length == kPosition) {  // as in Lua, a position is no text to meet again
    return nullptr;
  }
  spend(1 + capture.length);
  const bool same = end_ - s >= capture.length &&
                    std::memcmp(capture.start, s, static_cast<std::size_t>(capture.length)) == 0;
  return same ? s + capture.length : nullptr;
}

void Matcher::push_capture(int i, std::string_view whole) {
  if (i >= captures_) {
    if (i != 0) {
      luaL_error(state_, "invalid capture index %%%d", i + 1);
    }
    lua_pushlstring(state_, whole.data(), whole.size());
    return;
  }
  const Capture& capture = capture_[i];
  if (capture.length == kPosition) {
    lua_pushinteger(state_, capture.start - begin_ + 1);
    return;
  }
  if (capture.length == kOpen) {
    luaL_error(state_, "unfinished capture");
  }
  lua_pushlstring(state_, capture.start, static_cast<std::size_t>(capture.length));
}

int Matcher::push_captures(std::string_view whole) {
  const int count = captures_ == 0 && whole.data() != nullptr ? 1 : captures_;
  luaL_checkstack(state_, count, "too many captures");
  for (int i = 0; i < count; ++i) {
    push_capture(i, whole);
  }
  return count;
}

}  // namespace sage::record
