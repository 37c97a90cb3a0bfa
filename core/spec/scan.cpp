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
class DepthScan {
 public:
  explicit DepthScan(std::string_view text) : text_(text) {}

  // The offset of what is too deep, or npos.
  std::size_t run() {
    while (at_ < text_.size() && !too_deep_) {
      step();
    }
    return too_deep_ ? at_ - 1 : std::string_view::npos;
  }

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
        too_deep_ = true;
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
    }
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
      too_deep_ = true;
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
  bool too_deep_ = false;
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
  if (const std::size_t deep = DepthScan(text).run(); deep != std::string_view::npos) {
    return invalid("E0104", place_of(text, deep, file), "nested too deeply",
                   "brackets and key parts nest up to 200 levels, a key has up to 64 parts");
  }
  return Ok{};
}

}  // namespace sage::spec
