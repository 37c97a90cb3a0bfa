#include "nearest.hpp"

#include <algorithm>
#include <vector>

namespace sage::json {

namespace {

constexpr std::size_t kNamesShown = 10;

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// Edits (insert, delete, replace, swap of neighbours) between two names, case apart.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    row[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(above);
    above.swap(row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = lower(a[i - 1]) == lower(b[j - 1]);
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && lower(a[i - 1]) == lower(b[j - 2]) &&
          lower(a[i - 2]) == lower(b[j - 1])) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

}  // namespace

std::string hint_for(std::string_view wrong, std::span<const std::string> names) {
  const std::string* nearest = nullptr;
  std::size_t least = std::max<std::size_t>(1, wrong.size() / 3) + 1;
  for (const std::string& name : names) {
    const std::size_t edits = distance(wrong, name);
    if (edits < least) {
      least = edits;
      nearest = &name;
    }
  }
  if (nearest != nullptr) {
    return "did you mean '" + *nearest + "'?";
  }
  std::string hint;
  for (std::size_t i = 0; i < std::min(names.size(), kNamesShown); ++i) {
    hint += (i == 0 ? "known are: " : ", ") + names[i];
  }
  return names.size() > kNamesShown ? hint + ", ..." : hint;
}

}  // namespace sage::json
