#pragma once
// Small text helpers for messages and units. Pure. [any]

#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sage {

// The candidate nearest to `word` by edit distance, if near enough to be a typing slip; else "".
std::string nearest(std::string_view word, std::span<const std::string> candidates);

// "did you mean `x`?" or "known: a, b, c" (the candidates in the order given), for Error::hint.
std::string suggest(std::string_view word, std::span<const std::string> candidates);

// "10s", "1ms", "2h", "1m30s", "500us", "3d" -> nanoseconds, >= 0.
Result<std::int64_t> parse_duration(std::string_view text);

// "8GB" (10^9), "8GiB" (2^30), "512MB", "64 KiB", "100" -> bytes, >= 0.
Result<std::int64_t> parse_bytes(std::string_view text);

// 5304112 -> "5,304,112"; 2.8e6 -> "2.8M".
std::string with_commas(std::uint64_t n);
std::string short_number(double n);

bool is_valid_utf8(std::string_view text);

// How many bytes from the start are whole, valid UTF-8 sequences.
std::size_t utf8_valid_prefix(std::string_view text);

}  // namespace sage
