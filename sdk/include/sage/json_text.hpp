// JSON values, appended to a string: texts with what JSON wants escaped, exact integers, floats in
// their shortest form, data in base64. [any]
#pragma once

#include "types.hpp"

#include <charconv>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace sage {

// What could not be written as it is.
struct JsonLosses {
  std::uint64_t replaced = 0;    // invalid UTF-8 sequences
  std::uint64_t not_finite = 0;  // NaN and infinities
};

namespace detail {

struct Utf8Step {
  std::uint32_t length;  // of the sequence, or of the bytes that one U+FFFD stands for; at least 1
  bool valid;
};

// The UTF-8 sequence at the start of `text` (not empty). What is invalid is cut as Unicode
// recommends: the longest start of a sequence that could have become valid, else one byte.
inline Utf8Step utf8_step(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80)
    return {1, true};
  if (first < 0xc2 || first > 0xf4)
    return {1, false};
  const std::uint32_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  for (std::uint32_t i = 1; i < length; ++i) {
    const unsigned char low = i > 1 ? 0x80 : first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const unsigned char high = i > 1 ? 0xbf : first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (i >= text.size() || byte(i) < low || byte(i) > high)
      return {i, false};
  }
  return {length, true};
}

// Bytes at the start of `text` that need no look: printable ASCII but " and \.
inline std::size_t plain_prefix(std::string_view text) {
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  constexpr std::uint64_t kHighs = 0x8080808080808080u;
  const auto has_zero = [](std::uint64_t w) { return (w - kOnes) & ~w & kHighs; };
  std::size_t i = 0;
  for (; i + 8 <= text.size(); i += 8) {
    std::uint64_t w = 0;
    std::memcpy(&w, text.data() + i, sizeof w);
    const std::uint64_t below_space = (w - kOnes * 0x20) & ~w;
    if (((w | below_space) & kHighs) != 0 || has_zero(w ^ (kOnes * '"')) != 0 ||
        has_zero(w ^ (kOnes * '\\')) != 0)
      break;
  }
  for (; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c >= 0x80 || c == '"' || c == '\\')
      break;
  }
  return i;
}

inline void append_escaped(std::string& out, char c) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '"':
      out += "\\\"";
      break;
    case '\\':
      out += "\\\\";
      break;
    case '\n':
      out += "\\n";
      break;
    case '\r':
      out += "\\r";
      break;
    case '\t':
      out += "\\t";
      break;
    default:
      out += "\\u00";
      out += kHex[(c >> 4) & 15];
      out += kHex[c & 15];
  }
}

}  // namespace detail

// The text, but U+FFFD for what is not UTF-8.
inline void append_utf8(std::string& out, std::string_view text, JsonLosses& losses) {
  while (!text.empty()) {
    const std::size_t plain = detail::plain_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty())
      break;
    const detail::Utf8Step step = detail::utf8_step(text);
    out += step.valid ? text.substr(0, step.length) : "\xef\xbf\xbd";
    losses.replaced += step.valid ? 0 : 1;
    text.remove_prefix(step.length);
  }
}

inline void append_json_text(std::string& out, std::string_view text, JsonLosses& losses) {
  out += '"';
  for (;;) {
    const std::size_t plain = detail::plain_prefix(text);
    out.append(text.data(), plain);
    text.remove_prefix(plain);
    if (text.empty())
      break;
    const detail::Utf8Step step = detail::utf8_step(text);
    if (!step.valid) {
      out += "\xef\xbf\xbd";
      ++losses.replaced;
    } else if (step.length == 1) {
      detail::append_escaped(out, text[0]);
    } else {
      out.append(text.data(), step.length);
    }
    text.remove_prefix(step.length);
  }
  out += '"';
}

inline void append_json_int(std::string& out, std::int64_t n) {
  char buffer[24];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, n).ptr);
}

// `Real`: double or float. A whole number prints without a point: a float64 field reads it back.
template <class Real>
void append_json_real(std::string& out, Real x, JsonLosses& losses) {
  if (!std::isfinite(x)) {
    out += "null";
    ++losses.not_finite;
    return;
  }
  char buffer[40];
  out.append(buffer, std::to_chars(buffer, buffer + sizeof buffer, x).ptr);
}

inline void append_base64(std::string& out, BytesView bytes) {
  static constexpr char kDigits[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t word = 0;
    for (std::size_t b = 0; b < 3; ++b)
      word = word << 8 | (b < n ? bytes[i + b] : 0u);
    for (std::size_t d = 0; d < 4; ++d)
      out += d <= n ? kDigits[(word >> (18 - 6 * d)) & 63] : '=';
  }
}

}  // namespace sage
