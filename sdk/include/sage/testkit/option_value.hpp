// Option values as tests write them.
#pragma once

#include "value.hpp"

#include <optional>

namespace sage::testkit {

class OptionValue;
using OptionList = std::vector<OptionValue>;
// Tables keep the order in which they are written.
using OptionTable = std::vector<std::pair<std::string, OptionValue>>;

class OptionValue {
 public:
  OptionValue(bool v) : v_(v) {}
  template <std::integral I>
  OptionValue(I v) : v_(static_cast<std::int64_t>(v)) {}
  OptionValue(double v) : v_(v) {}
  OptionValue(const char* v) : v_(std::string(v)) {}
  OptionValue(std::string v) : v_(std::move(v)) {}
  OptionValue(OptionList v) : v_(std::move(v)) {}
  OptionValue(OptionTable v) : v_(std::move(v)) {}

  template <class T>
  const T* get() const {
    return std::get_if<T>(&v_);
  }
  std::uint32_t type() const { return static_cast<std::uint32_t>(v_.index()) + 1; }

 private:
  // In the order of SAGE_VALUE_BOOL...
  std::variant<bool, std::int64_t, double, std::string, OptionList, OptionTable> v_;
};

// "10s", "1m30s" -> nanoseconds; "8MB", "8MiB" -> bytes. As the engine reads them, leniently.
inline std::optional<std::int64_t> parse_amounts(
    std::string_view text, std::span<const std::pair<std::string_view, std::int64_t>> units) {
  std::int64_t total = 0;
  while (!text.empty()) {
    const std::size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string_view::npos) {
      return std::nullopt;
    }
    const std::string_view tail = text.substr(digits);
    const std::string_view unit = tail.substr(0, tail.find_first_of("0123456789"));
    std::int64_t scale = 0;
    for (const auto& [name, value] : units) {
      scale = name == unit ? value : scale;
    }
    if (scale == 0) {
      return std::nullopt;
    }
    total += std::stoll(std::string(text.substr(0, digits))) * scale;
    text = tail.substr(unit.size());
  }
  return total;
}

template <std::size_t N>
std::int64_t amount(std::string_view text,
                    const std::pair<std::string_view, std::int64_t> (&units)[N]) {
  const auto parsed = parse_amounts(text, units);
  if (!parsed) {
    throw Failure(SAGE_E_CONFIG, "testkit: '" + std::string(text) + "' is no such amount");
  }
  return *parsed;
}

inline std::int64_t duration_ns(std::string_view text) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {{"ns", 1},
                                                                         {"us", 1'000},
                                                                         {"ms", 1'000'000},
                                                                         {"s", 1'000'000'000},
                                                                         {"m", 60'000'000'000},
                                                                         {"h", 3600'000'000'000},
                                                                         {"d", 86400'000'000'000}};
  return amount(text, kUnits);
}

inline std::int64_t size_bytes(std::string_view text) {
  static constexpr std::pair<std::string_view, std::int64_t> kUnits[] = {
      {"B", 1},
      {"kB", 1000},
      {"KB", 1000},
      {"MB", 1000'000},
      {"GB", 1000'000'000},
      {"TB", 1000'000'000'000},
      {"KiB", std::int64_t{1} << 10},
      {"MiB", std::int64_t{1} << 20},
      {"GiB", std::int64_t{1} << 30},
      {"TiB", std::int64_t{1} << 40}};
  return amount(text, kUnits);
}

}  // namespace sage::testkit
