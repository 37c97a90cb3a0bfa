#pragma once
// How the rules of this room report: one line per finding, always invalid input with a place. [any]

#include "base/result.hpp"
#include "base/text.hpp"

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sage::plan {

inline Error invalid(std::string code, std::string message, std::string hint, const Place& place) {
  return Error{ErrorKind::kInvalid, std::move(code), std::move(message),
               std::move(hint),     place,           Severity::kError};
}

inline Error warning(std::string code, std::string message, std::string hint, const Place& place) {
  Error finding = invalid(std::move(code), std::move(message), std::move(hint), place);
  finding.severity = Severity::kWarning;
  return finding;
}

inline std::string quoted(std::string_view name) { return "`" + std::string(name) + "`"; }

// "a, b, c"
inline std::string joined(std::span<const std::string> words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

// "did you mean `x`? known: a, b, c": the likely slip and the whole choice.
inline std::string choices(std::string_view word, std::span<const std::string> candidates) {
  if (candidates.empty())
    return "";
  const std::string near = nearest(word, candidates);
  const std::string all = "known: " + joined(candidates);
  return near.empty() ? all : "did you mean " + quoted(near) + "? " + all;
}

}  // namespace sage::plan
