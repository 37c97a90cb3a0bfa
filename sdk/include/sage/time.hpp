// Timestamps as text: RFC 3339, written with Z and 0, 3, 6 or 9 digits behind the second, read with
// any offset. [any]
#pragma once

#include "types.hpp"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace sage {

namespace detail {

inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;
inline constexpr std::int64_t kSecondsPerDay = 86400;

struct Date {
  std::int64_t year;
  std::uint32_t month;  // 1..12
  std::uint32_t day;    // 1..31
};

// Years are counted from March here, in eras of 400, so that the leap day comes last.
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

inline std::int64_t day_of_date(const Date& date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
  const std::int64_t year_of_era = year - era * 400;
  const std::uint32_t shifted_month = date.month > 2 ? date.month - 3 : date.month + 9;
  const std::uint32_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
         719468;
}

inline bool is_real_date(const Date& date) {
  constexpr std::uint8_t kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (date.month < 1 || date.month > 12)
    return false;
  const bool leap = date.year % 4 == 0 && (date.year % 100 != 0 || date.year % 400 == 0);
  const std::uint32_t days = kDays[date.month - 1] + (leap && date.month == 2 ? 1u : 0u);
  return date.day >= 1 && date.day <= days;
}

// Writes exactly `width` decimal digits.
inline void put_digits(char* at, std::uint64_t n, int width) {
  for (int i = width - 1; i >= 0; --i) {
    at[i] = static_cast<char>('0' + n % 10);
    n /= 10;
  }
}

// Reads a text from front to back; once something did not fit, everything fails.
class TimeReader {
 public:
  explicit TimeReader(std::string_view text) : rest_(text) {}
  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }
  std::uint32_t digits(std::size_t width) {
    std::uint32_t n = 0;
    for (std::size_t i = 0; i < width; ++i) {
      n = n * 10 + digit();
    }
    return n;
  }
  bool take(std::string_view any_of) {
    if (rest_.empty() || any_of.find(rest_[0]) == std::string_view::npos)
      return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(std::string_view any_of) { good_ = take(any_of) && good_; }
  // Behind the point: nanoseconds. A tenth digit is left standing, where nothing expects it.
  std::int64_t fraction() {
    std::int64_t ns = digit();
    int seen = 1;
    for (; seen < 9 && !rest_.empty() && rest_[0] >= '0' && rest_[0] <= '9'; ++seen) {
      ns = ns * 10 + digit();
    }
    for (; seen < 9; ++seen) {
      ns *= 10;
    }
    return ns;
  }

 private:
  std::uint32_t digit() {
    if (rest_.empty() || rest_[0] < '0' || rest_[0] > '9') {
      good_ = false;
      return 0;
    }
    const auto d = static_cast<std::uint32_t>(rest_[0] - '0');
    rest_.remove_prefix(1);
    return d;
  }
  std::string_view rest_;
  bool good_ = true;
};

// "Z", "+02:00", "-05:30" -> seconds east of UTC.
inline std::int64_t read_offset(TimeReader& in) {
  if (in.take("Zz"))
    return 0;
  const bool west = in.take("-");
  if (!west)
    in.expect("+");
  const std::uint32_t hours = in.digits(2);
  in.expect(":");
  const std::uint32_t minutes = in.digits(2);
  if (hours > 23 || minutes > 59)
    in.expect("");
  const auto seconds = std::int64_t{hours} * 3600 + std::int64_t{minutes} * 60;
  return west ? -seconds : seconds;
}

}  // namespace detail

inline void append_timestamp(std::string& out, Timestamp at) {
  using detail::put_digits;
  std::int64_t seconds = at.ns / detail::kNsPerSecond;
  std::int64_t ns = at.ns % detail::kNsPerSecond;
  if (ns < 0) {
    ns += detail::kNsPerSecond;
    --seconds;
  }
  std::int64_t days = seconds / detail::kSecondsPerDay;
  std::int64_t in_day = seconds % detail::kSecondsPerDay;
  if (in_day < 0) {
    in_day += detail::kSecondsPerDay;
    --days;
  }
  const detail::Date date = detail::date_of_day(days);  // int64 ns: years 1677 to 2262
  const auto second = static_cast<std::uint64_t>(in_day);
  char text[] = "0000-00-00T00:00:00.000000000Z";
  put_digits(text, static_cast<std::uint64_t>(date.year), 4);
  put_digits(text + 5, date.month, 2);
  put_digits(text + 8, date.day, 2);
  put_digits(text + 11, second / 3600, 2);
  put_digits(text + 14, second / 60 % 60, 2);
  put_digits(text + 17, second % 60, 2);
  put_digits(text + 20, static_cast<std::uint64_t>(ns), 9);
  const int digits = ns == 0 ? 0 : ns % 1'000'000 == 0 ? 3 : ns % 1000 == 0 ? 6 : 9;
  out.append(text, digits == 0 ? 19 : 20 + static_cast<std::size_t>(digits));
  out += 'Z';
}

// Nothing if the text is not RFC 3339, or is no time that int64 nanoseconds can hold exactly: years
// before 1677 or after 2262, more than 9 digits behind the second, a leap second (:60).
inline std::optional<Timestamp> parse_timestamp(std::string_view text) {
  detail::TimeReader in(text);
  detail::Date date{};
  date.year = in.digits(4);
  in.expect("-");
  date.month = in.digits(2);
  in.expect("-");
  date.day = in.digits(2);
  in.expect("Tt ");
  const std::uint32_t hour = in.digits(2);
  in.expect(":");
  const std::uint32_t minute = in.digits(2);
  in.expect(":");
  const std::uint32_t second = in.digits(2);
  const std::int64_t ns = in.take(".") ? in.fraction() : 0;
  const std::int64_t offset = detail::read_offset(in);
  if (!in.good() || !in.at_end() || !detail::is_real_date(date) || hour > 23 || minute > 59 ||
      second > 59)
    return std::nullopt;
  const std::int64_t seconds = detail::day_of_date(date) * detail::kSecondsPerDay +
                               std::int64_t{hour} * 3600 + std::int64_t{minute} * 60 + second -
                               offset;
  // Before 1970 the last whole second may lie outside while its fraction brings it back.
  __extension__ using Wide = __int128;
  const Wide total = static_cast<Wide>(seconds) * detail::kNsPerSecond + ns;
  if (total < std::numeric_limits<std::int64_t>::min() ||
      total > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return Timestamp{static_cast<std::int64_t>(total)};
}

}  // namespace sage
