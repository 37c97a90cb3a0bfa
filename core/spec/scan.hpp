#pragma once
// Looks at the text of a TOML file before the parser does, and refuses what the parser would choke
// on: bytes that are not text, characters that only quoted texts may hold, and nesting so deep that
// recursive code runs out of stack. Takes time proportional to the text. Pure. [any]

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sage::spec {

inline constexpr std::size_t kMostFileBytes = std::size_t{16} << 20;
inline constexpr std::uint32_t kMostDepth = 200;    // brackets and parts of dotted keys together
inline constexpr std::uint32_t kMostKeyParts = 64;  // a.b.c has three

// Ok, or the first thing that is wrong, with its place.
Status scan(std::string_view text, const std::string& file);

}  // namespace sage::spec
