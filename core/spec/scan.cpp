#include "spec/scan.hpp"

#include "base/text.hpp"
#include "spec/findings.hpp"

#include <vector>

namespace sage::spec {
namespace {

Place place_of(std::string_view text, std::size_t offset, const std::string& file) {
  Place place{file, 1, 1, 1};
  std::size_t line_start = 0;
  for (std::size_t i = 0; i < offset; ++i) {
    if (text[i] == '\n') {
      ++place.line;
      line_start = i + 1;
    }
  }
  place.column = static_cast<std::uint32_t>(offset - line_start + 1);
  return place;
}

// Follows TOML's strings, comments and brackets, and counts how deep the values lie. It only has
// to be right up to the first syntax error, as the parser stops there. A dot outside of strings
// counts as a dotted key wherever it stands; values have one at most.
class TextScan {
 public:
  enum class Trouble { kNone, kTooDeep, kStray };

  explicit TextScan(std::string_view text) : text_(text) {}

  // What the scan stopped at, if not at the end.
  Trouble run() {
    while (at_ < text_.size() && trouble_ == Trouble::kNone) {
      step();
    }
    return trouble_;
  }
  std::size_t offset() const { return at_ - 1; }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      skip_string(c);
      return;
    }
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    ++at_;
    if (c == '.') {
      if (++dots_ >= kMostKeyParts)
        trouble_ = Trouble::kTooDeep;
    } else if (c == '\n') {
      if (open_.empty() && in_header_)
        header_ = dots_ + 1;
      if (open_.empty())
        in_header_ = in_value_ = false;
      if (open_.empty())
        key_ = 0;
      dots_ = 0;
    } else if (c == '=') {
      key_ = dots_ + 1;
      dots_ = 0;
      in_value_ = true;
      check();
    } else if (c == ',') {
      dots_ = 0;
      key_ = 0;
    } else if (c == '[' || c == '{') {
      open();
    } else if (c == ']' || c == '}') {
      close();
    } else if (is_stray(c)) {
      trouble_ = Trouble::kStray;
    }
  }

  // Outside of texts and comments TOML is ASCII without control characters, and the parser does
  // not survive all of the others.
  static bool is_stray(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x7F || (byte < 0x20 && c != '\t' && c != '\r');
  }

  void open() {
    if (open_.empty() && !in_value_) {  // the brackets of a header nest nothing
      in_header_ = true;
      return;
    }
    open_.push_back(key_ + 1);
    depth_ += key_ + 1;
    key_ = 0;
    dots_ = 0;
    check();
  }

  void close() {
    if (in_header_ && open_.empty())
      return;
    key_ = 0;
    dots_ = 0;
    if (open_.empty())
      return;
    depth_ -= open_.back();
    open_.pop_back();
  }

  void check() {
    if (header_ + depth_ + key_ > kMostDepth)
      trouble_ = Trouble::kTooDeep;
  }

  bool starts(char quote, std::size_t at) const {
    return at + 2 < text_.size() && text_[at] == quote && text_[at + 1] == quote &&
           text_[at + 2] == quote;
  }

  void skip_string(char quote) {
    const bool multi = starts(quote, at_);
    at_ += multi ? 3 : 1;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n' && !multi)
        return;  // not closed: a syntax error
      if (c == '\\' && quote == '"' && at_ + 1 < text_.size() && text_[at_ + 1] != '\n') {
        at_ += 2;
        continue;
      }
      if (c == quote && (!multi || starts(quote, at_))) {
        at_ += multi ? 3 : 1;
        for (int more = 0; multi && more < 2 && at_ < text_.size() && text_[at_] == quote; ++more) {
          ++at_;  // """a""""" ends with two quotes of its own
        }
        return;
      }
      ++at_;
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
  Trouble trouble_ = Trouble::kNone;
  bool in_header_ = false;
  bool in_value_ = false;
  std::uint32_t header_ = 0;  // parts of the [header] above
  std::uint32_t depth_ = 0;   // of all open brackets, with the keys before them
  std::uint32_t key_ = 0;     // parts of the key before the value at hand
  std::uint32_t dots_ = 0;    // since the last = , or bracket
  std::vector<std::uint32_t> open_;
};

}  // namespace

Status scan(std::string_view text, const std::string& file) {
  if (text.size() > kMostFileBytes) {
    return invalid("E0105", Place{file, 1, 1, 1},
                   "the file has " + with_commas(text.size()) + " bytes, and may have " +
                       with_commas(kMostFileBytes),
                   "is this the right file? data belongs into a file that an operator reads");
  }
  const std::size_t valid = utf8_valid_prefix(text);
  const std::size_t nul = text.find('\0');
  if (nul < valid) {
    return invalid("E0103", place_of(text, nul, file), "a NUL byte in the file",
                   "save the file as UTF-8 text");
  }
  if (valid < text.size()) {
    return invalid("E0102", place_of(text, valid, file), "this byte is not UTF-8",
                   "save the file as UTF-8 text");
  }
  TextScan scan_of(text);
  switch (scan_of.run()) {
    case TextScan::Trouble::kNone:
      break;
    case TextScan::Trouble::kTooDeep:
      return invalid("E0104", place_of(text, scan_of.offset(), file), "nested too deeply",
                     "brackets and key parts nest up to 200 levels, a key has up to 64 parts");
    case TextScan::Trouble::kStray:
      return invalid("E0101", place_of(text, scan_of.offset(), file),
                     "not valid TOML: this character can only stand in a quoted text",
                     "put quotes around it, or take it out");
  }
  return Ok{};
}

}  // namespace sage::spec
