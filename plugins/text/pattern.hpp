#pragma once
// Regular expressions in options.

#include <sage/plugin.hpp>

#include <memory>
#include <string_view>

#include <re2/re2.h>

namespace sage::text {

enum class EmptyMatch { kAllowed, kRefused };

// Reports an option whose expression does not parse or, where that makes no sense, may match the
// empty text. An absent option is fine.
void check_pattern(Resolve& resolve, const Config& options, const char* name, EmptyMatch empty);

// Null where the option is absent. Throws Failure if it does not parse.
std::unique_ptr<re2::RE2> make_pattern(const Config& options, const char* name);

// A range of bytes; the end of the text twice where nothing was found.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
};

// The first match from `at` on that is not empty.
Span find_match(const re2::RE2& pattern, std::string_view text, std::size_t at);

template <class Predicate>
Span find_if_char(std::string_view text, std::size_t at, Predicate predicate) {
  while (at < text.size() && !predicate(text[at])) {
    ++at;
  }
  return {at, at < text.size() ? at + 1 : at};
}

}  // namespace sage::text
