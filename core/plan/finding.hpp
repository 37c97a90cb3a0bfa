#pragma once
// Words that the findings of this room have in common. [any]

#include "base/text.hpp"

#include <span>
#include <string>
#include <string_view>

namespace sage::plan {

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
