#include "number.hpp"

namespace sage::json {

namespace {

// Takes digits away from the front; false if there were none.
bool take_digits(std::string_view& text) {
  std::size_t n = 0;
  while (n < text.size() && text[n] >= '0' && text[n] <= '9') {
    ++n;
  }
  text.remove_prefix(n);
  return n > 0;
}

}  // namespace

NumberKind number_kind(std::string_view text) {
  if (text.starts_with('-')) {
    text.remove_prefix(1);
  }
  const bool zero = text.starts_with('0');
  const std::size_t before = text.size();
  if (!take_digits(text) || (zero && before - text.size() > 1)) {
    return NumberKind::kNone;
  }
  if (text.empty()) {
    return NumberKind::kInteger;
  }
  if (text[0] == '.') {
    text.remove_prefix(1);
    if (!take_digits(text)) {
      return NumberKind::kNone;
    }
  }
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    if (text.starts_with('+') || text.starts_with('-')) {
      text.remove_prefix(1);
    }
    if (!take_digits(text)) {
      return NumberKind::kNone;
    }
  }
  return text.empty() ? NumberKind::kReal : NumberKind::kNone;
}

}  // namespace sage::json
