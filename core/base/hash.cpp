#include "base/hash.hpp"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sage {

std::uint64_t hash64(std::string_view bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

void hash64_blocks(const std::uint8_t (*blocks)[16], std::uint32_t count, std::uint64_t* out) {
  for (std::uint32_t i = 0; i < count; ++i) {
    out[i] = XXH3_64bits(blocks[i], 16);
  }
}

}  // namespace sage
