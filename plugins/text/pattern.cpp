#include "pattern.hpp"

namespace sage::text {

namespace {

std::unique_ptr<re2::RE2> parse(std::string_view text) {
  re2::RE2::Options options;
  options.set_log_errors(false);
  return std::make_unique<re2::RE2>(re2::StringPiece(text.data(), text.size()), options);
}

}  // namespace

void check_pattern(Resolve& resolve, const Config& options, const char* name, EmptyMatch empty) {
  if (!options.has(name)) {
    return;
  }
  const auto pattern = parse(options.text(name));
  if (!pattern->ok()) {
    resolve.error(name, "the regular expression does not parse: " + pattern->error(),
                  "the syntax is that of RE2");
  } else if (empty == EmptyMatch::kRefused && re2::RE2::FullMatch("", *pattern)) {
    resolve.error(name, "the expression matches the empty text", "use + in place of *");
  }
}

std::unique_ptr<re2::RE2> make_pattern(const Config& options, const char* name) {
  if (!options.has(name)) {
    return nullptr;
  }
  auto pattern = parse(options.text(name));
  if (!pattern->ok()) {
    throw Failure(SAGE_E_CONFIG, "the regular expression does not parse: " + pattern->error());
  }
  return pattern;
}

Span find_match(const re2::RE2& pattern, std::string_view text, std::size_t at) {
  const re2::StringPiece whole(text.data(), text.size());
  re2::StringPiece match;
  while (at < text.size() &&
         pattern.Match(whole, at, text.size(), re2::RE2::UNANCHORED, &match, 1)) {
    const auto begin = static_cast<std::size_t>(match.data() - text.data());
    if (!match.empty()) {
      return {begin, begin + match.size()};
    }
    at = begin + 1;
  }
  return {text.size(), text.size()};
}

}  // namespace sage::text
