#include "names.hpp"

#include "tokens.hpp"

#include <algorithm>
#include <iterator>

namespace sage::record {

namespace {

constexpr std::string_view kKeywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                          "false", "for",   "function", "goto", "if",     "in",
                                          "local", "nil",   "not",      "or",   "repeat", "return",
                                          "then",  "true",  "until",    "while"};

class Scanner {
 public:
  explicit Scanner(std::string_view expression) : tokens_(tokens_of(expression)) {}

  Names scan() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      const Token& token = tokens_[at_];
      if (token.kind == TokenKind::kSign) {
        follow_bracket(token.text[0]);
      } else if (token.kind == TokenKind::kName && is_keyword(token.text)) {
        names_.keywords.push_back(token.text);
        read_declaration(token.text);
      } else if (token.kind == TokenKind::kName && is_use()) {
        names_.uses.push_back({token.text, member(), is_called()});
      }
    }
    return std::move(names_);
  }

 private:
  bool is_sign(std::size_t at, std::string_view sign) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kSign && tokens_[at].text == sign;
  }
  bool is_name(std::size_t at) const {
    return at < tokens_.size() && tokens_[at].kind == TokenKind::kName &&
           !is_keyword(tokens_[at].text);
  }
  bool is_behind(std::string_view sign) const { return at_ > 0 && is_sign(at_ - 1, sign); }

  void follow_bracket(char c) {
    if (c == '(' || c == '[' || c == '{') {
      open_.push_back(c);
    } else if ((c == ')' || c == ']' || c == '}') && !open_.empty()) {
      open_.pop_back();
    }
  }

  bool is_use() const {
    if (is_behind(".") || is_behind(":") || (is_behind("::") && is_sign(at_ + 1, "::"))) {
      return false;
    }
    if (at_ > 0 && tokens_[at_ - 1].kind == TokenKind::kName && tokens_[at_ - 1].text == "goto") {
      return false;
    }
    const bool starts_item = is_behind("{") || is_behind(",") || is_behind(";");
    return !(starts_item && !open_.empty() && open_.back() == '{' && is_sign(at_ + 1, "="));
  }

  std::string_view member() const {
    if (is_sign(at_ + 1, ".") && is_name(at_ + 2)) {
      return tokens_[at_ + 2].text;
    }
    const bool literal = is_sign(at_ + 1, "[") && at_ + 2 < tokens_.size() &&
                         tokens_[at_ + 2].kind == TokenKind::kText && is_sign(at_ + 3, "]");
    const std::string_view text = literal ? tokens_[at_ + 2].text : std::string_view();
    return text.find('\\') == std::string_view::npos ? text : std::string_view();
  }

  bool is_called() const {
    return is_sign(at_ + 1, "(") || is_sign(at_ + 1, "{") ||
           (at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::kText);
  }

  // Reads the names that a `local`, `for` or `function` declares.
  void read_declaration(std::string_view keyword) {
    if (keyword == "function") {
      read_parameters();
    } else if (keyword == "local" && at_ + 1 < tokens_.size() &&
               tokens_[at_ + 1].text == "function") {
      names_.declared.push_back(tokens_[std::min(at_ + 2, tokens_.size() - 1)].text);
    } else if (keyword == "local" || keyword == "for") {
      read_list();
    }
  }

  // name {, name}, each of which may have an attribute in < >.
  void read_list() {
    while (is_name(at_ + 1)) {
      names_.declared.push_back(tokens_[++at_].text);
      at_ += is_sign(at_ + 1, "<") && is_sign(at_ + 3, ">") ? 3 : 0;
      at_ += is_sign(at_ + 1, ",") ? 1 : 0;
    }
  }

  void read_parameters() {
    names_.has_function = true;
    std::size_t open = at_ + 1;
    while (open < tokens_.size() && !is_sign(open, "(")) {
      if (is_sign(open, ":")) {
        names_.declared.push_back("self");
      }
      ++open;
    }
    for (std::size_t i = open + 1; i < tokens_.size() && !is_sign(i, ")"); ++i) {
      if (is_name(i)) {
        names_.declared.push_back(tokens_[i].text);
      }
    }
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  std::vector<char> open_;  // brackets
  Names names_;
};

}  // namespace

Names scan_names(std::string_view expression) { return Scanner(expression).scan(); }

bool is_keyword(std::string_view word) {
  return std::ranges::find(kKeywords, word) != std::end(kKeywords);
}

}  // namespace sage::record
