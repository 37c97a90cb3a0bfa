// Names of fields, and for messages the name that a mistyped one probably meant.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace sage {

// A letter or _ first, then letters, digits and _; at most 63.
inline bool is_field_name(std::string_view name) {
  constexpr std::size_t kLongest = 63;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  const auto is_word = [&](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  return !name.empty() && name.size() <= kLongest && !is_digit(name.front()) &&
         std::all_of(name.begin(), name.end(), is_word);
}

namespace detail {

// Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b`.
inline std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  std::vector<std::size_t> above(row);
  std::vector<std::size_t> second(row);  // the row above that one
  for (std::size_t i = 1; i <= a.size(); ++i) {
    second.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], second[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace detail

// "did you mean 'x'?" where a candidate is near enough to be a slip, else "known: a, b", else "".
inline std::string name_hint(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string near;
  std::string known;
  for (const std::string& candidate : candidates) {
    known += (known.empty() ? "known: " : ", ") + candidate;
    if (word.size() > kLongest || candidate.size() > kLongest) {
      continue;
    }
    const std::size_t edits = detail::edit_distance(word, candidate);
    if (edits < best && edits < std::max(word.size(), candidate.size())) {
      best = edits;
      near = candidate;
    }
  }
  return near.empty() ? known : "did you mean '" + near + "'?";
}

}  // namespace sage
