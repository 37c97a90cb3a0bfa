#include "spec/interpolate.hpp"

#include "base/text.hpp"
#include "spec/file.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace sage::spec {
namespace {

constexpr std::string_view kOpen = "${";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_variable(std::string_view name) {
  return !name.empty() && is_letter(name[0]) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_letter(c) || is_digit(c); });
}

bool is_credential(std::string_view name) {
  return !name.empty() && name[0] != '.' && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '-' || c == '.';
  });
}

std::size_t openings(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(kOpen); at != std::string_view::npos;
       at = text.find(kOpen, at + 1)) {
    ++count;
  }
  return count;
}

// Finds the n-th ${ of a value in the lines of the file. Only ever moves forward.
class SourceCursor {
 public:
  SourceCursor(const std::vector<std::string>& lines, const Place& value)
      : lines_(lines), value_(value), line_(value.line - 1), column_(value.column - 1) {}

  Place place(std::size_t count, std::size_t length) {
    for (; seen_ < count && line_ < lines_.size(); ++line_, column_ = 0) {
      while (seen_ < count) {
        const std::size_t found = lines_[line_].find(kOpen, column_);
        if (found == std::string::npos)
          break;
        column_ = found + kOpen.size();
        ++seen_;
      }
      if (seen_ == count)
        break;
    }
    if (seen_ < count)
      return value_;
    const std::size_t start = column_ - kOpen.size();
    Place place = value_;
    place.line = static_cast<std::uint32_t>(line_ + 1);
    place.column = static_cast<std::uint32_t>(start + 1);
    place.length = static_cast<std::uint32_t>(std::min(length, lines_[line_].size() - start));
    return place;
  }

 private:
  const std::vector<std::string>& lines_;
  const Place& value_;
  std::size_t line_;
  std::size_t column_;
  std::size_t seen_ = 0;
};

class Interpolator {
 public:
  Interpolator(const std::string& file, const std::vector<std::string>& lines,
               const Environment& environment, Findings& findings)
      : file_(file), lines_(lines), environment_(environment), findings_(findings) {}

  void visit(Table& table) {
    for (Member& member : table) {
      visit(member.value);
    }
  }

 private:
  void visit(Value& value) {
    if (auto* members = std::get_if<Table>(&value.data)) {
      visit(*members);
    } else if (auto* items = std::get_if<List>(&value.data)) {
      for (Value& item : *items) {
        visit(item);
      }
    } else if (auto* text = std::get_if<std::string>(&value.data)) {
      if (text->find(kOpen) != std::string::npos)
        expand(value, *text);
    }
  }

  void expand(Value& value, std::string& text) {
    SourceCursor cursor(lines_, value.place);
    std::string out;
    std::size_t at = 0;
    std::size_t count = 0;
    while (at < text.size() && !findings_.full() && !exhausted_) {
      const std::size_t found = std::min(text.find(kOpen, at), text.size());
      out.append(text, at, found - at);
      if (found == text.size())
        break;
      ++count;
      if (!out.empty() && out.back() == '$' && found > 0 && text[found - 1] == '$') {
        out += "{";  // $${: the dollar is there already
        at = found + kOpen.size();
        continue;
      }
      const std::size_t end = text.find('}', found);
      const bool closed = end != std::string::npos;
      const std::string_view all(text.data() + found, (closed ? end + 1 : text.size()) - found);
      auto replaced = closed ? replace(all.substr(2, all.size() - 3)) : unclosed();
      if (!replaced) {
        report(std::move(replaced.error()), value, cursor.place(count, all.size()));
        count += openings(all.substr(kOpen.size()));
      } else {
        out += *replaced;
        value.interpolated = true;
      }
      at = found + all.size();
      if (total_ + out.size() > kMostExpandedBytes)
        too_large(value);
    }
    total_ += out.size();
    text = std::move(out);
  }

  void report(Error error, const Value& value, const Place& place) {
    error.place = value.place.file == file_ ? place : value.place;
    findings_.add(std::move(error));
  }

  void too_large(const Value& value) {
    exhausted_ = true;
    findings_.add(invalid("E0105", value.place, "interpolation makes too much text of this file",
                          "let an operator read large data instead"));
  }

  static Error bad(std::string code, std::string message, std::string hint) {
    return {ErrorKind::kInvalid, std::move(code), std::move(message), std::move(hint),
            std::nullopt};
  }

  static Result<std::string> unclosed() {
    return bad("E0119", "`${` without a closing `}`", "a plain ${ is written $${");
  }

  // `inner` is what stands between ${ and }.
  Result<std::string> replace(std::string_view inner) const {
    constexpr std::string_view kFile = "file:";
    constexpr std::string_view kCredential = "cred:";
    if (inner.find(kOpen) != std::string_view::npos) {
      return bad("E0119", "`${` stands inside another `${...}`, and these cannot nest",
                 "a default is plain text, taken as it stands; let the variable hold it instead");
    }
    if (inner.starts_with(kFile))
      return file(std::string(inner.substr(kFile.size())));
    if (inner.starts_with(kCredential)) {
      if (is_credential(inner.substr(kCredential.size()))) {
        return "${" + std::string(inner) + "}";
      }
      return bad("E0119", "`${cred:` needs the name of a credential",
                 "such as ${cred:openai}: letters, digits, `-`, `_` and `.`");
    }
    const std::size_t split = inner.find(":-");
    const std::string name(inner.substr(0, split));
    if (!is_variable(name)) {
      return bad("E0119", "`${" + name.substr(0, 40) + "}` is not the name of a variable",
                 "write ${NAME}, ${NAME:-default}, ${file:PATH} or ${cred:NAME}; a plain ${ is "
                 "written $${");
    }
    std::optional<std::string> held = environment_ ? environment_(name) : std::nullopt;
    if (split != std::string_view::npos && (!held || held->empty())) {
      return std::string(inner.substr(split + 2));
    }
    if (held && is_valid_utf8(*held))
      return std::move(*held);
    if (held)
      return bad("E0102", "the variable " + name + " does not hold UTF-8 text", "");
    return bad("E0118", "the variable " + name.substr(0, 80) + " is not defined",
               "set it, or give a default: ${" + name.substr(0, 80) + ":-default}");
  }

  static Result<std::string> file(const std::string& path) {
    Result<std::string> text = read_file(path, kMostInterpolatedFile, true);
    if (!text) {
      return bad("E0120", std::move(text.error().message),
                 "the path is relative to the current directory");
    }
    if (text->size() > kMostInterpolatedFile) {
      return bad("E0105", "`" + path + "` is too large for ${file:...}",
                 "such a file may have " + with_commas(kMostInterpolatedFile) + " bytes");
    }
    if (!is_valid_utf8(*text) || text->find('\0') != std::string::npos) {
      return bad("E0120", "`" + path + "` does not hold UTF-8 text", "");
    }
    if (text->ends_with('\n'))
      text->pop_back();
    if (text->ends_with('\r'))
      text->pop_back();
    return text;
  }

  const std::string& file_;
  const std::vector<std::string>& lines_;
  const Environment& environment_;
  Findings& findings_;
  std::size_t total_ = 0;
  bool exhausted_ = false;
};

}  // namespace

void interpolate(Table& root, const std::string& file, const std::vector<std::string>& lines,
                 const Environment& environment, Findings& findings) {
  Interpolator(file, lines, environment, findings).visit(root);
}

}  // namespace sage::spec
