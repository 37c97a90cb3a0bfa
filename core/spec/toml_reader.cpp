#include "spec/toml_reader.hpp"

#include "spec/findings.hpp"
#include "spec/scan.hpp"

#include <algorithm>
#include <unordered_map>

// Two precautions against toml++ 3.3. It asserts things that files can break, or in release builds
// tells the compiler that they hold, and reports them as errors right after: assertions do nothing
// here. Its test for white space has undefined behaviour for letters such as an e with an accent,
// which may follow a line continuation: there "unreachable" means "no".
#undef NDEBUG
#define TOML_ASSERT(expression) static_cast<void>(expression)
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#define TOML_ENABLE_WINDOWS_COMPAT 0
// clang-format off: the order matters
#include <toml++/impl/forward_declarations.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE return false
#include <toml++/impl/unicode.h>
#undef TOML_UNREACHABLE
#define TOML_UNREACHABLE __builtin_unreachable()
#include <toml++/toml.h>
// clang-format on

namespace sage::spec {
namespace {

// The library counts columns in code points, we count in bytes.
class Positions {
 public:
  Positions(std::string_view text, std::string file) : text_(text), file_(std::move(file)) {
    for (std::size_t at = 0; at != std::string_view::npos && at <= text.size();) {
      starts_.push_back(at);
      const std::size_t end = text.find('\n', at);
      at = end == std::string_view::npos ? end : end + 1;
    }
  }

  Place place(const toml::source_region& region) {
    Place place{file_, region.begin.line, byte_column(region.begin), 1};
    const std::uint32_t end = region.end.line == region.begin.line ? byte_column(region.end)
                                                                   : line_length(place.line) + 1;
    if (end > place.column)
      place.length = end - place.column;
    return place;
  }

  std::string_view line(std::uint32_t number) const {
    if (number == 0 || number > starts_.size())
      return "";
    const std::size_t from = starts_[number - 1];
    const std::size_t to = number < starts_.size() ? starts_[number] : text_.size();
    std::string_view all = text_.substr(from, to - from);
    while (all.ends_with('\n') || all.ends_with('\r')) {
      all.remove_suffix(1);
    }
    return all;
  }

  // The lines before a line.
  std::string_view above(std::uint32_t number) const {
    return text_.substr(0, starts_[number - 1]);
  }

  std::string_view text_at(const Place& place) const {
    if (place.line == 0 || place.line > starts_.size())
      return "";
    const std::size_t from = starts_[place.line - 1] + place.column - 1;
    return from < text_.size() ? text_.substr(from, place.length) : "";
  }

 private:
  std::uint32_t line_length(std::uint32_t number) const {
    return static_cast<std::uint32_t>(line(number).size());
  }

  // A line can be megabytes long and hold as many values: every 256th code point is noted.
  std::uint32_t byte_column(const toml::source_position& position) {
    constexpr std::uint32_t kStep = 256;
    const std::string_view all = line(position.line);
    if (position.column == 0)
      return 1;
    auto [found, is_new] = marks_.try_emplace(position.line);
    std::vector<std::uint32_t>& marks = found->second;
    const auto continues = [&](std::size_t i) {
      return i < all.size() && (static_cast<unsigned char>(all[i]) & 0xC0) == 0x80;
    };
    if (is_new) {
      std::uint32_t points = 0;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (!continues(i) && points++ % kStep == 0)
          marks.push_back(static_cast<std::uint32_t>(i));
      }
    }
    const std::uint32_t wanted = position.column - 1;
    if (wanted / kStep >= marks.size())
      return line_length(position.line) + 1;
    std::size_t at = marks[wanted / kStep];
    for (std::uint32_t left = wanted % kStep; left > 0 && at < all.size(); --left) {
      ++at;
      while (continues(at)) {
        ++at;
      }
    }
    return static_cast<std::uint32_t>(at + 1);
  }

  std::string_view text_;
  std::string file_;
  std::vector<std::size_t> starts_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> marks_;
};

bool before(const Place& a, const Place& b) {
  return a.line != b.line ? a.line < b.line : a.column < b.column;
}

// Recursion is as deep as the values are nested, which scan() has bounded.
class Converter {
 public:
  explicit Converter(Positions& positions) : positions_(positions) {}

  Table table(const toml::table& from) {
    Table out;
    out.reserve(from.size());
    for (const auto& [key, node] : from) {
      Place place = positions_.place(key.source());
      out.push_back(Member{{std::string(key.str()), std::move(place)}, value(node)});
    }
    std::sort(out.begin(), out.end(),
              [](const Member& a, const Member& b) { return before(a.key.place, b.key.place); });
    return out;
  }

 private:
  Value value(const toml::node& from) {
    Value out;
    out.place = positions_.place(from.source());
    if (const toml::table* members = from.as_table()) {
      out.data = table(*members);
    } else if (const toml::array* items = from.as_array()) {
      List list;
      list.reserve(items->size());
      for (const toml::node& item : *items) {
        list.push_back(value(item));
      }
      out.data = std::move(list);
    } else if (const auto* text = from.as_string()) {
      out.data = text->get();
    } else if (const auto* integer = from.as_integer()) {
      out.data = integer->get();
    } else if (const auto* number = from.as_floating_point()) {
      out.data = number->get();
    } else if (const auto* truth = from.as_boolean()) {
      out.data = truth->get();
    } else {
      out.data = std::string(positions_.text_at(out.place));
      out.is_date = true;
    }
    return out;
  }

  Positions& positions_;
};

// The library points behind a key that is there already; the key is what we want to show.
Place key_place(Place place, const std::string& message, const Positions& positions) {
  const std::size_t open = message.find('\'');
  const std::size_t close = message.find('\'', open + 1);
  if (open == std::string::npos || close == std::string::npos)
    return place;
  const std::string name = message.substr(open + 1, close - open - 1);
  const std::string_view line = positions.line(place.line);
  const std::size_t found = line.substr(0, place.column - 1 + name.size()).rfind(name);
  if (found == std::string_view::npos || name.empty())
    return place;
  place.column = static_cast<std::uint32_t>(found + 1);
  place.length = static_cast<std::uint32_t>(name.size());
  return place;
}

Error syntax_error(const toml::parse_error& from, Positions& positions) {
  constexpr std::string_view kLead = "Error while parsing ";
  std::string message(from.description());
  std::string code = "E0101";
  std::string hint;
  Place place = positions.place(from.source());
  if (message.starts_with(kLead))
    message.erase(0, kLead.size());
  if (const std::size_t scope = message.find(": "); scope != std::string::npos) {
    message = message.substr(scope + 2) + " (in " + message.substr(0, scope) + ")";
  }
  if (message.find("cannot redefine") != std::string::npos) {
    code = "E0108";
    place = key_place(std::move(place), message, positions);
    hint = "remove one of the two; further stages are written [[stage]]";
  } else {
    message = "not valid TOML: " + message;
  }
  return invalid(std::move(code), place, std::move(message), std::move(hint));
}

}  // namespace

Result<Table> read_toml(std::string_view text, const std::string& file) {
  Positions positions(text, file);
  if (Status scanned = scan(text, file); !scanned) {
    Error& error = scanned.error();
    // A mistake further up explains more than a stray character after it.
    if (error.code != "E0101" || !error.place)
      return std::move(error);
    const toml::parse_result above = toml::parse(positions.above(error.place->line));
    constexpr std::string_view kCutOff = "end-of-file";  // only because we cut it off
    if (above || above.error().description().find(kCutOff) != std::string_view::npos) {
      return std::move(error);
    }
    return syntax_error(above.error(), positions);
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed)
    return syntax_error(parsed.error(), positions);
  return Converter(positions).table(parsed.table());
}

std::optional<Value> read_toml_value(std::string_view text) {
  Result<Table> table = read_toml("value = " + std::string(text), "");
  if (!table || table->size() != 1)
    return std::nullopt;
  return std::move(table->front().value);
}

std::vector<std::string> split_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r'))
      line.remove_suffix(1);
    lines.emplace_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

}  // namespace sage::spec
