#pragma once
// Lua's tokens, as far as names need them.

#include <string_view>
#include <vector>

namespace sage::record {

enum class TokenKind { kName, kText, kNumber, kSign };

struct Token {
  TokenKind kind;
  std::string_view text;  // of a text: what is between the quotes, escapes as they are written
};

// Keywords are names here. Views into `source`, which is taken to be valid Lua; what is not comes
// out as single characters.
std::vector<Token> tokens_of(std::string_view source);

}  // namespace sage::record
