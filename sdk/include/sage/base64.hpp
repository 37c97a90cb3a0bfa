// Reading base64 as RFC 4648 section 4 has it: padded, no white space, unused bits zero. [any]
// json_text.hpp writes it.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

namespace sage {

namespace detail {

inline constexpr std::uint8_t kNoDigit = 0xff;

inline constexpr std::array<std::uint8_t, 256> kBase64Digits = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(kNoDigit);
  std::uint8_t value = 0;
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")) {
    table[static_cast<unsigned char>(c)] = value++;
  }
  return table;
}();

}  // namespace detail

// Replaces what `bytes` held; false, and `bytes` unspecified, if the text is not base64.
inline bool decode_base64(std::string_view text, std::vector<std::uint8_t>& bytes) {
  bytes.clear();
  if (text.size() % 4 != 0) {
    return false;
  }
  bytes.reserve(text.size() / 4 * 3);
  for (std::size_t at = 0; at < text.size(); at += 4) {
    const std::string_view group = text.substr(at, 4);
    std::size_t digits = 4;
    if (at + 4 == text.size()) {
      digits = group[3] != '=' ? 4 : group[2] != '=' ? 3 : 2;
    }
    std::uint32_t word = 0;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::uint8_t digit =
          i < digits ? detail::kBase64Digits[static_cast<unsigned char>(group[i])] : 0;
      if (digit == detail::kNoDigit) {
        return false;
      }
      word = word << 6 | digit;
    }
    for (std::size_t i = 0; i + 1 < digits; ++i) {
      bytes.push_back(static_cast<std::uint8_t>(word >> (16 - 8 * i)));
    }
    const std::uint32_t unused = digits == 4 ? 0 : digits == 3 ? 0xff : 0xffff;
    if ((word & unused) != 0) {
      return false;
    }
  }
  return true;
}

}  // namespace sage
