#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace sage {
namespace {

constexpr std::size_t kLongestWord = 64;  // longer ones are no typing slips
constexpr std::size_t kMostCandidates = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Edits between two words, neighbours swapped counting as one; `limit + 1` when above it.
std::size_t distance(std::string_view a, std::string_view b, std::size_t limit) {
  const std::size_t gap = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (gap > limit)
    return limit + 1;
  std::array<std::array<std::size_t, kLongestWord + 1>, 3> rows{};
  for (std::size_t j = 0; j <= b.size(); ++j) {
    rows[0][j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i - 1) % 3];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t other = a[i - 1] == b[j - 1] ? 0 : 1;
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + other});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], rows[(i - 2) % 3][j - 2] + 1);
      }
    }
  }
  return rows[a.size() % 3][b.size()];
}

// A number as written ("1.5") and the unit behind it ("h").
struct Amount {
  std::string_view number;
  std::string_view unit;
};

// Takes digits, perhaps with a fraction, then `unit` characters; false: no digits.
template <class IsUnit>
bool take_amount(std::string_view& text, IsUnit is_unit, Amount& out) {
  std::size_t end = 0;
  while (end < text.size() && is_digit(text[end])) {
    ++end;
  }
  if (end == 0)
    return false;
  if (end + 1 < text.size() && text[end] == '.' && is_digit(text[end + 1])) {
    ++end;
    while (end < text.size() && is_digit(text[end])) {
      ++end;
    }
  }
  out.number = text.substr(0, end);
  text.remove_prefix(end);
  if (!text.empty() && text[0] == ' ')
    text.remove_prefix(1);
  end = 0;
  while (end < text.size() && is_unit(text[end])) {
    ++end;
  }
  out.unit = text.substr(0, end);
  text.remove_prefix(end);
  return true;
}

// number x scale, exactly; false: too large. A fraction below one unit of the result is dropped.
bool multiply(std::string_view number, std::int64_t scale, std::int64_t& out) {
  const std::size_t dot = std::min(number.find('.'), number.size());
  std::int64_t whole = 0;
  const char* begin = number.data();
  const auto read = std::from_chars(begin, begin + dot, whole);
  if (read.ec != std::errc())
    return false;
  if (__builtin_mul_overflow(whole, scale, &out))
    return false;
  std::int64_t rest = 0;  // the fraction is rest / denominator
  std::int64_t denominator = 1;
  for (std::size_t i = dot + 1; i < number.size() && denominator < 1'000'000'000; ++i) {
    denominator *= 10;
    rest = rest * 10 + (number[i] - '0');
  }
  const std::int64_t fraction =  // scale * rest / denominator, without overflow
      scale / denominator * rest + scale % denominator * rest / denominator;
  return !__builtin_add_overflow(out, fraction, &out);
}

struct Unit {
  std::string_view name;
  std::int64_t scale;
};

constexpr Unit kTimes[] = {{"d", 86'400'000'000'000},
                           {"h", 3'600'000'000'000},
                           {"m", 60'000'000'000},
                           {"s", 1'000'000'000},
                           {"ms", 1'000'000},
                           {"us", 1'000},
                           {"ns", 1}};

constexpr Unit kSizes[] = {{"", 1},
                           {"B", 1},
                           {"kB", 1'000},
                           {"KB", 1'000},
                           {"MB", 1'000'000},
                           {"GB", 1'000'000'000},
                           {"TB", 1'000'000'000'000},
                           {"KiB", std::int64_t{1} << 10},
                           {"MiB", std::int64_t{1} << 20},
                           {"GiB", std::int64_t{1} << 30},
                           {"TiB", std::int64_t{1} << 40}};

std::int64_t scale_of(std::span<const Unit> units, std::string_view name) {
  for (const Unit& unit : units) {
    if (unit.name == name)
      return unit.scale;
  }
  return 0;
}

std::string clipped(std::string_view text) {
  constexpr std::size_t kMost = 40;
  if (text.size() <= kMost)
    return std::string(text);
  return std::string(text.substr(0, utf8_valid_prefix(text.substr(0, kMost)))) + "...";
}

Error not_a_duration(std::string_view text, std::string hint) {
  return {ErrorKind::kInvalid, "E0113", "`" + clipped(text) + "` is not a duration",
          std::move(hint), std::nullopt};
}

Error not_a_size(std::string_view text, std::string hint) {
  return {ErrorKind::kInvalid, "E0114", "`" + clipped(text) + "` is not a number of bytes",
          std::move(hint), std::nullopt};
}

// Length of the UTF-8 sequence that `text` begins with; 0: none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80)
    return 1;
  if (first < 0xC2 || first > 0xF4)
    return 0;
  const std::size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < length)
    return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80)
      return 0;
  }
  if (first == 0xE0 && byte(1) < 0xA0)
    return 0;  // overlong
  if (first == 0xED && byte(1) > 0x9F)
    return 0;  // a surrogate
  if (first == 0xF0 && byte(1) < 0x90)
    return 0;  // overlong
  if (first == 0xF4 && byte(1) > 0x8F)
    return 0;  // above U+10FFFF
  return length;
}

}  // namespace

std::string nearest(std::string_view word, std::span<const std::string> candidates) {
  if (word.empty() || word.size() > kLongestWord)
    return "";
  std::size_t best = std::max<std::size_t>(1, word.size() / 3) + 1;
  std::string found;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestWord || candidate == word)
      continue;
    const std::size_t edits = distance(word, candidate, best - 1);
    // A word that shares nothing with the candidate is not a slip of it.
    if (edits < best && edits < std::max(word.size(), candidate.size())) {
      best = edits;
      found = candidate;
    }
  }
  return found;
}

std::string suggest(std::string_view word, std::span<const std::string> candidates) {
  if (const std::string near = nearest(word, candidates); !near.empty()) {
    return "did you mean `" + near + "`?";
  }
  if (candidates.empty())
    return "";
  std::string known = "known: ";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (i == kMostCandidates)
      return known + ", ...";
    if (i > 0)
      known += ", ";
    known += candidates[i];
  }
  return known;
}

Result<std::int64_t> parse_duration(std::string_view text) {
  const std::string form = "write a number and a unit, such as \"10s\", \"500ms\" or \"1m30s\"";
  std::string_view rest = text;
  std::int64_t total = 0;
  std::int64_t last_scale = std::numeric_limits<std::int64_t>::max();
  if (text == "0")
    return total;
  if (text.starts_with('-'))
    return not_a_duration(text, "durations are not negative");
  do {
    Amount amount;
    const auto is_letter = [](char c) { return c >= 'a' && c <= 'z'; };
    if (!take_amount(rest, is_letter, amount))
      return not_a_duration(text, form);
    if (amount.unit.empty()) {
      return not_a_duration(text, "add a unit: ns, us, ms, s, m, h or d");
    }
    const std::int64_t scale = scale_of(kTimes, amount.unit);
    if (scale == 0)
      return not_a_duration(text, "units are ns, us, ms, s, m, h and d");
    if (scale >= last_scale)
      return not_a_duration(text, "write larger units first, each once");
    std::int64_t part = 0;
    if (!multiply(amount.number, scale, part) || __builtin_add_overflow(total, part, &total)) {
      return not_a_duration(text, "it is longer than 292 years");
    }
    last_scale = scale;
  } while (!rest.empty());
  return total;
}

Result<std::int64_t> parse_bytes(std::string_view text) {
  std::string_view rest = text;
  Amount amount;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (text.starts_with('-'))
    return not_a_size(text, "sizes are not negative");
  if (!take_amount(rest, is_letter, amount) || !rest.empty()) {
    return not_a_size(text, "write a number and a unit, such as \"512MB\" or \"8GiB\"");
  }
  const std::int64_t scale = scale_of(kSizes, amount.unit);
  if (scale == 0) {
    return not_a_size(text, "units are B, kB, MB, GB, TB (powers of 1000) and KiB, MiB, GiB, TiB");
  }
  std::int64_t bytes = 0;
  if (!multiply(amount.number, scale, bytes)) {
    return not_a_size(text, "it is larger than 8,388,607 TiB");
  }
  return bytes;
}

std::string with_commas(std::uint64_t n) {
  std::string text = std::to_string(n);
  for (std::size_t i = text.size(); i > 3; i -= 3) {
    text.insert(i - 3, 1, ',');
  }
  return text;
}

std::string short_number(double n) {
  constexpr std::string_view kUnits[] = {"", "k", "M", "G", "T", "P", "E"};
  if (!std::isfinite(n))
    return std::isnan(n) ? "nan" : n > 0 ? "inf" : "-inf";
  if (n < 0)
    return "-" + short_number(-n);
  std::size_t unit = 0;
  while (n >= 999.5 && unit + 1 < std::size(kUnits)) {  // 999.7 would print as 1000
    n /= 1000;
    ++unit;
  }
  char digits[400];
  const int decimals = n < 9.995 ? 2 : n < 99.95 ? 1 : 0;
  std::snprintf(digits, sizeof digits, "%.*f", decimals, n);
  std::string text = digits;
  if (text.find('.') != std::string::npos) {
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
      text.pop_back();
  }
  return text + std::string(kUnits[unit]);
}

std::size_t utf8_valid_prefix(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t length = sequence_length(text.substr(at));
    if (length == 0)
      return at;
    at += length;
  }
  return at;
}

bool is_valid_utf8(std::string_view text) { return utf8_valid_prefix(text) == text.size(); }

}  // namespace sage
