#include "plan/literal.hpp"

#include <charconv>
#include <cstdint>
#include <string>
#include <utility>

namespace sage::plan {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

class LiteralReader {
 public:
  explicit LiteralReader(std::string_view text) : rest_(text) {}

  std::optional<spec::Value> whole() {
    std::optional<spec::Value> result = value(0);
    skip_space();
    if (!rest_.empty())
      return std::nullopt;
    return result;
  }

 private:
  static constexpr int kMaxDepth = 8;

  void skip_space() {
    while (!rest_.empty() && is_space(rest_.front()))
      rest_.remove_prefix(1);
  }

  bool take(char wanted) {
    skip_space();
    if (rest_.empty() || rest_.front() != wanted)
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::optional<spec::Value> value(int depth) {
    if (depth > kMaxDepth)
      return std::nullopt;
    if (take('['))
      return list(depth);
    if (take('{')) {
      if (!take('}'))
        return std::nullopt;
      return spec::Value{spec::Table{}, {}, false};
    }
    if (take('"'))
      return basic_text();
    if (take('\''))
      return plain_text();
    return word();
  }

  std::optional<spec::Value> list(int depth) {
    spec::List items;
    while (!take(']')) {
      if (!items.empty() && !take(','))
        return std::nullopt;
      std::optional<spec::Value> item = value(depth + 1);
      if (!item)
        return std::nullopt;
      items.push_back(std::move(*item));
    }
    return spec::Value{std::move(items), {}, false};
  }

  std::optional<spec::Value> plain_text() {
    const std::size_t end = rest_.find('\'');
    if (end == std::string_view::npos)
      return std::nullopt;
    std::string text(rest_.substr(0, end));
    rest_.remove_prefix(end + 1);
    return spec::Value{std::move(text), {}, false};
  }

  std::optional<spec::Value> basic_text() {
    std::string text;
    while (!rest_.empty()) {
      char c = rest_.front();
      rest_.remove_prefix(1);
      if (c == '"')
        return spec::Value{std::move(text), {}, false};
      if (c == '\\') {
        const std::optional<char> meant = escaped();
        if (!meant)
          return std::nullopt;
        c = *meant;
      }
      text += c;
    }
    return std::nullopt;
  }

  std::optional<char> escaped() {
    static constexpr std::string_view kWritten = "\"\\nrtbf";
    static constexpr std::string_view kMeant = "\"\\\n\r\t\b\f";
    if (rest_.empty())
      return std::nullopt;
    const std::size_t at = kWritten.find(rest_.front());
    if (at == std::string_view::npos)
      return std::nullopt;
    rest_.remove_prefix(1);
    return kMeant[at];
  }

  std::optional<spec::Value> word() {
    std::size_t size = 0;
    while (size < rest_.size() && !is_space(rest_[size]) && rest_[size] != ',' &&
           rest_[size] != ']') {
      ++size;
    }
    std::string_view text = rest_.substr(0, size);
    rest_.remove_prefix(size);
    if (text == "true" || text == "false")
      return spec::Value{text == "true", {}, false};
    if (text.starts_with('+'))
      text.remove_prefix(1);
    if (text.empty())
      return std::nullopt;
    return number(text);
  }

  static std::optional<spec::Value> number(std::string_view text) {
    const char* end = text.data() + text.size();
    std::int64_t integer = 0;
    auto parsed = std::from_chars(text.data(), end, integer);
    if (parsed.ec == std::errc{} && parsed.ptr == end)
      return spec::Value{integer, {}, false};
    double real = 0;
    parsed = std::from_chars(text.data(), end, real);
    if (parsed.ec == std::errc{} && parsed.ptr == end)
      return spec::Value{real, {}, false};
    return std::nullopt;
  }

  std::string_view rest_;
};

}  // namespace

std::optional<spec::Value> read_literal(std::string_view text) {
  return LiteralReader(text).whole();
}

}  // namespace sage::plan
