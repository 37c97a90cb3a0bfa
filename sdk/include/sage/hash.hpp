// A hash that is the same in every process, on every node, in every version: FNV-1a with 64 bits,
// finished by the mixer of MurmurHash3. For partitioners; frozen.
#pragma once

#include "types.hpp"

#include <cstdint>
#include <string_view>

namespace sage {

constexpr std::uint64_t stable_hash(std::string_view bytes) {
  std::uint64_t h = 0xcbf29ce484222325u;
  for (const char c : bytes) {
    h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
  h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
  return h ^ (h >> 33);
}
inline std::uint64_t stable_hash(BytesView bytes) { return stable_hash(as_text(bytes)); }
// Of the 8 little-endian bytes.
constexpr std::uint64_t stable_hash(std::int64_t value) {
  char bytes[8] = {};
  for (int i = 0; i < 8; ++i) {
    bytes[i] = static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i));
  }
  return stable_hash(std::string_view(bytes, sizeof bytes));
}

}  // namespace sage
