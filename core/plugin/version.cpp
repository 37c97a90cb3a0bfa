#include "plugin/version.hpp"

#include <algorithm>

namespace sage::plugin {
namespace {

constexpr std::size_t kVersionMax = 31;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Takes the next number off `numbers`, without leading zeros; "" where there is none.
std::string_view next_number(std::string_view& numbers) {
  std::string_view number = numbers.substr(0, numbers.find('.'));
  numbers.remove_prefix(std::min(numbers.size(), number.size() + 1));
  number.remove_prefix(std::min(number.size(), number.find_first_not_of('0')));
  return number;
}

int sign(int order) { return (order > 0) - (order < 0); }

int compare_numbers(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return a.size() < b.size() ? -1 : 1;
  }
  return sign(a.compare(b));
}

struct Parts {
  std::string_view numbers;
  std::string_view pre;  // behind "-"; what stands behind "+" does not count
};

Parts split(std::string_view text) {
  text = text.substr(0, text.find('+'));
  const std::size_t dash = text.find('-');
  return {text.substr(0, dash),
          dash == std::string_view::npos ? std::string_view() : text.substr(dash + 1)};
}

}  // namespace

bool is_version(std::string_view text) {
  if (text.empty() || text.size() > kVersionMax) {
    return false;
  }
  const std::size_t end = std::min(text.find_first_of("-+"), text.size());
  const std::string_view numbers = text.substr(0, end);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const bool edge = i == 0 || i + 1 == numbers.size();
    if (!is_digit(numbers[i]) && (numbers[i] != '.' || edge || numbers[i - 1] == '.')) {
      return false;
    }
  }
  return !numbers.empty() && end + 1 != text.size() &&
         std::all_of(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), [](char c) {
           return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                  c == '-' || c == '+';
         });
}

int compare_versions(std::string_view a, std::string_view b) {
  Parts left = split(a);
  Parts right = split(b);
  while (!left.numbers.empty() || !right.numbers.empty()) {
    const int order = compare_numbers(next_number(left.numbers), next_number(right.numbers));
    if (order != 0) {
      return order;
    }
  }
  if (left.pre.empty() || right.pre.empty()) {
    return int{left.pre.empty()} - int{right.pre.empty()};
  }
  return sign(left.pre.compare(right.pre));
}

bool matches_pin(std::string_view version, std::string_view pin) {
  Parts want = split(pin);
  if (!want.pre.empty()) {
    return compare_versions(version, pin) == 0;
  }
  Parts have = split(version);
  while (!want.numbers.empty()) {
    if (next_number(have.numbers) != next_number(want.numbers)) {
      return false;
    }
  }
  return true;
}

}  // namespace sage::plugin
