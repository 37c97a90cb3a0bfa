#pragma once
// Lower case, ASCII letters only.

#include <cstddef>
#include <cstring>
#include <string_view>

namespace sage::text {

// Writes text.size() bytes to `to`, which may be where the text is.
inline void lower_ascii(std::string_view text, char* to) {
  // Blocks by hand: a compiler cannot know that `to` is the text itself or far from it.
  using Block [[gnu::vector_size(16)]] = unsigned char;
  const char* const from = text.data();
  std::size_t i = 0;
  for (; i + sizeof(Block) <= text.size(); i += sizeof(Block)) {
    Block block;
    std::memcpy(&block, from + i, sizeof block);
    const Block upper = reinterpret_cast<Block>(block - 'A' < 26);
    block |= upper & 0x20;
    std::memcpy(to + i, &block, sizeof block);
  }
  for (; i < text.size(); ++i) {
    const char c = from[i];
    to[i] = static_cast<char>(c | (static_cast<unsigned char>(c - 'A') < 26 ? 0x20 : 0));
  }
}

}  // namespace sage::text
