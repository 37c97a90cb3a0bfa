// Timestamps as text: RFC 3339 with Z and 0, 3, 6 or 9 digits behind the second. [any]
#pragma once

#include "types.hpp"

#include <charconv>
#include <cstdint>
#include <string>

namespace sage {

namespace detail {

struct Date {
  std::int64_t year;
  std::uint32_t month;  // 1..12
  std::uint32_t day;    // 1..31
};

// Howard Hinnant's days-to-civil algorithm (proleptic Gregorian calendar).
inline Date date_of_day(std::int64_t days_since_1970) {
  const std::int64_t z = days_since_1970 + 719468;
  const std::int64_t era = (z >= 0 ? z : z - 146096) / 146097;
  const auto day_of_era = static_cast<std::uint32_t>(z - era * 146097);
  const std::uint32_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::uint32_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::uint32_t shifted_month = (5 * day_of_year + 2) / 153;
  const std::uint32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {era * 400 + year_of_era + (month <= 2 ? 1 : 0), month,
          day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

inline void append_padded(std::string& out, std::uint64_t n, std::size_t width) {
  const std::string digits = std::to_string(n);
  if (digits.size() < width)
    out.append(width - digits.size(), '0');
  out += digits;
}

}  // namespace detail

inline void append_timestamp(std::string& out, Timestamp at) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  std::int64_t seconds = at.ns / kSecond;
  std::int64_t ns = at.ns % kSecond;
  if (ns < 0) {
    ns += kSecond;
    --seconds;
  }
  std::int64_t days = seconds / 86400;
  std::int64_t in_day = seconds % 86400;
  if (in_day < 0) {
    in_day += 86400;
    --days;
  }
  const detail::Date date = detail::date_of_day(days);
  const auto second = static_cast<std::uint64_t>(in_day);
  detail::append_padded(out, static_cast<std::uint64_t>(date.year), 4);
  out += '-';
  detail::append_padded(out, date.month, 2);
  out += '-';
  detail::append_padded(out, date.day, 2);
  out += 'T';
  detail::append_padded(out, second / 3600, 2);
  out += ':';
  detail::append_padded(out, second / 60 % 60, 2);
  out += ':';
  detail::append_padded(out, second % 60, 2);
  if (ns != 0) {
    const auto fraction = static_cast<std::uint64_t>(ns);
    const std::size_t digits = fraction % 1'000'000 == 0 ? 3 : fraction % 1000 == 0 ? 6 : 9;
    out += '.';
    detail::append_padded(out,
                          digits == 3   ? fraction / 1'000'000
                          : digits == 6 ? fraction / 1000
                                        : fraction,
                          digits);
  }
  out += 'Z';
}

}  // namespace sage
