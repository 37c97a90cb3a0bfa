#include "spec/render.hpp"

#include "base/text.hpp"
#include "spec/overrides.hpp"

#include <algorithm>
#include <string_view>

namespace sage::spec {
namespace {

constexpr std::string_view kCut = "...";

// One character as it is shown, and how many columns that takes.
struct Glyph {
  std::string text;
  std::size_t columns = 1;
  std::size_t bytes = 1;  // in the source
};

std::uint32_t code_point(std::string_view bytes) {
  if (bytes.size() == 1)
    return static_cast<unsigned char>(bytes[0]);
  std::uint32_t point = static_cast<unsigned char>(bytes[0]) & (0xFFU >> (bytes.size() + 1));
  for (const char c : bytes.substr(1)) {
    point = (point << 6) | (static_cast<unsigned char>(c) & 0x3FU);
  }
  return point;
}

// What would move the cursor, change colours or turn the direction of writing.
bool is_control(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7F && point < 0xA0) || point == 0xAD ||
         (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
         (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF;
}

bool is_wide(std::uint32_t point) {
  return (point >= 0x1100 && point <= 0x115F) || (point >= 0x2E80 && point <= 0xA4CF) ||
         (point >= 0xAC00 && point <= 0xD7A3) || (point >= 0xF900 && point <= 0xFAFF) ||
         (point >= 0xFE30 && point <= 0xFE6F) || (point >= 0xFF00 && point <= 0xFF60) ||
         (point >= 0x1F300 && point <= 0x1F64F) || (point >= 0x1F900 && point <= 0x1F9FF) ||
         (point >= 0x20000 && point <= 0x3FFFD);
}

bool is_combining(std::uint32_t point) {
  return (point >= 0x0300 && point <= 0x036F) || (point >= 0xFE00 && point <= 0xFE0F);
}

std::string hex(std::uint32_t number) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string digits;
  do {
    digits.insert(digits.begin(), kDigits[number % 16]);
    number /= 16;
  } while (number > 0);
  return digits.size() < 2 ? "0" + digits : digits;
}

Glyph next_glyph(std::string_view text) {
  std::size_t length = 1;
  while (length < text.size() && length < 4 &&
         (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) {
    ++length;
  }
  if (utf8_valid_prefix(text.substr(0, length)) != length) {
    return {"\\x" + hex(static_cast<unsigned char>(text[0])), 4, 1};
  }
  const std::uint32_t point = code_point(text.substr(0, length));
  if (point == '\t')
    return {"    ", 4, 1};
  if (is_control(point)) {
    std::string shown = point < 0x80 ? "\\x" + hex(point) : "\\u{" + hex(point) + "}";
    const std::size_t columns = shown.size();
    return {std::move(shown), columns, length};
  }
  const std::size_t columns = is_combining(point) ? 0 : is_wide(point) ? 2 : 1;
  return {std::string(text.substr(0, length)), columns, length};
}

class Painter {
 public:
  explicit Painter(bool color) : color_(color) {}
  std::string operator()(std::string_view style, const std::string& text) const {
    return color_ ? "\x1b[" + std::string(style) + "m" + text + "\x1b[0m" : text;
  }

 private:
  bool color_;
};

// A piece of a line, and below it the mark.
struct Excerpt {
  std::string line;
  std::string mark;
};

Excerpt excerpt(std::string_view line, const Place& place, std::size_t width) {
  const std::size_t begin = std::min<std::size_t>(place.column - 1, line.size());
  // Of a long line only what surrounds the place; in bytes, then cut at whole characters.
  std::size_t from = line.size() > width && begin > width / 2 ? begin - width / 2 : 0;
  while (from > 0 && from < line.size() &&
         (static_cast<unsigned char>(line[from]) & 0xC0) == 0x80) {
    --from;
  }
  Excerpt out;
  std::size_t columns = 0;
  std::size_t before = 0;
  std::size_t under = 0;
  if (from > 0) {
    out.line = kCut;
    columns = before = kCut.size();
  }
  std::size_t at = from;
  while (at < line.size() && columns < width) {
    const Glyph glyph = next_glyph(line.substr(at));
    if (at < begin)
      before += glyph.columns;
    if (at >= begin && at - begin < place.length)
      under += glyph.columns;
    columns += glyph.columns;
    out.line += glyph.text;
    at += glyph.bytes;
  }
  if (at < line.size())
    out.line += kCut;
  out.mark = std::string(before, ' ') + std::string(std::max<std::size_t>(under, 1), '^');
  return out;
}

bool is_override(const std::string& file) {
  return file.starts_with(kSetFlag) || file.starts_with(kParallelismFlag);
}

}  // namespace

std::string visible(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const Glyph glyph = next_glyph(text);
    out += text[0] == '\n' ? "\\n" : text[0] == '\t' ? "\\t" : glyph.text;
    text.remove_prefix(glyph.bytes);
  }
  return out;
}

std::string render(const Error& error, const std::string& file, std::span<const std::string> lines,
                   const RenderOptions& options) {
  const Painter paint(options.color);
  const bool warning = error.severity == Severity::kWarning;
  std::string out = paint(warning ? "1;33" : "1;31",
                          (warning ? "warning[SAGE-" : "error[SAGE-") + error.code + "]") +
                    paint("1", ": " + visible(error.message)) + "\n";
  const std::string hint = visible(error.hint);
  if (!error.place)
    return hint.empty() ? out : out + paint("36", "  = ") + "help: " + hint + "\n";
  const Place& place = *error.place;
  std::string where = visible(place.file);
  if (!is_override(place.file)) {
    where += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  }
  const std::string number = std::to_string(place.line);
  const std::string margin(number.size(), ' ');
  out += margin + paint("36", "--> ") + where + "\n";
  if (place.file != file || place.line == 0 || place.line > lines.size() || place.column == 0) {
    return hint.empty() ? out : out + margin + paint("36", " = ") + "help: " + hint + "\n";
  }
  const Excerpt shown = excerpt(lines[place.line - 1], place, options.width);
  out += margin + paint("36", " |") + "\n";
  out += paint("36", number + " |") + " " + shown.line + "\n";
  out += margin + paint("36", " |") + " " + paint(warning ? "1;33" : "1;31", shown.mark);
  return out + (hint.empty() ? "" : " " + hint) + "\n";
}

}  // namespace sage::spec
