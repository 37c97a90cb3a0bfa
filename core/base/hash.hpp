#pragma once
// XXH3-64 (seed 0) of bytes: the hash behind key hashes and schema ids. Pure. [any]

#include <cstdint>
#include <string_view>

namespace sage {

std::uint64_t hash64(std::string_view bytes);

// hash64 of `count` blocks of 16 bytes each, one after the other.
void hash64_blocks(const std::uint8_t (*blocks)[16], std::uint32_t count, std::uint64_t* out);

}  // namespace sage
