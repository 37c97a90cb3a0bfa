#include "tokens.hpp"

#include <algorithm>
#include <string>

namespace sage::record {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view source) : source_(source) {}

  std::vector<Token> read() {
    while (at_ < source_.size()) {
      const char c = source_[at_];
      if (is_letter(c)) {
        read_name();
      } else if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
        read_number();
      } else if (c == '"' || c == '\'') {
        read_quoted(c);
      } else if (c == '[' && long_level(at_) >= 0) {
        add(TokenKind::kText, read_long());
      } else if (c == '-' && peek(1) == '-') {
        skip_comment();
      } else if (std::string_view(" \t\n\v\f\r").find(c) != std::string_view::npos) {
        ++at_;
      } else {
        read_sign();
      }
    }
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t n) const { return at_ + n < source_.size() ? source_[at_ + n] : '\0'; }
  void add(TokenKind kind, std::string_view text) { tokens_.push_back({kind, text}); }

  void read_name() {
    const std::size_t start = at_;
    while (is_letter(peek(0)) || is_digit(peek(0))) {
      ++at_;
    }
    add(TokenKind::kName, source_.substr(start, at_ - start));
  }

  // Digits, letters and points, and a sign behind an exponent's letter.
  void read_number() {
    const std::size_t start = at_;
    const bool hex = peek(0) == '0' && (peek(1) | 0x20) == 'x';
    while (is_letter(peek(0)) || is_digit(peek(0)) || peek(0) == '.') {
      const bool exponent = (peek(0) | 0x20) == (hex ? 'p' : 'e');
      ++at_;
      if (exponent && (peek(0) == '+' || peek(0) == '-')) {
        ++at_;
      }
    }
    add(TokenKind::kNumber, source_.substr(start, at_ - start));
  }

  void read_quoted(char quote) {
    const std::size_t start = ++at_;
    while (at_ < source_.size() && source_[at_] != quote) {
      at_ += source_[at_] == '\\' ? 2 : 1;
    }
    at_ = std::min(at_, source_.size());
    add(TokenKind::kText, source_.substr(start, at_ - start));
    ++at_;
  }

  // The number of = in the bracket [==[ that opens at `at`; -1 if it is none.
  int long_level(std::size_t at) const {
    int level = 0;
    for (++at; at < source_.size() && source_[at] == '='; ++at) {
      ++level;
    }
    return at < source_.size() && source_[at] == '[' ? level : -1;
  }

  std::string_view read_long() {
    const auto level = static_cast<std::size_t>(long_level(at_));
    const std::string close = "]" + std::string(level, '=') + "]";
    const std::size_t start = std::min(at_ + level + 2, source_.size());
    const std::size_t end = std::min(source_.find(close, start), source_.size());
    at_ = end + close.size();
    return source_.substr(start, end - start);
  }

  void skip_comment() {
    at_ += 2;
    if (peek(0) == '[' && long_level(at_) >= 0) {
      read_long();
    } else {
      at_ = std::min(source_.find('\n', at_), source_.size());
    }
  }

  // Those of several characters that matter are taken whole.
  void read_sign() {
    std::size_t length = 1;
    for (const std::string_view sign : {"...", "..", "::", "==", "<=", ">=", "~="}) {
      if (source_.substr(at_).starts_with(sign)) {
        length = sign.size();
        break;
      }
    }
    add(TokenKind::kSign, source_.substr(at_, length));
    at_ += length;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view source) { return Tokenizer(source).read(); }

}  // namespace sage::record
