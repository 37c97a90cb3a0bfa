#pragma once
// Lower case, ASCII letters only.

#include <cstddef>
#include <string_view>

namespace sage::text {

// Writes text.size() bytes to `to`, which may be where the text is.
inline void lower_ascii(std::string_view text, char* to) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    to[i] = static_cast<char>(c | (static_cast<unsigned char>(c - 'A') < 26 ? 0x20 : 0));
  }
}

}  // namespace sage::text
