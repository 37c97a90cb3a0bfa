#include "bench.hpp"
#include "measure.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace sage::bench {

namespace {

constexpr double kS2Min = 1.3;
constexpr double kDriftMax = 0.25;

// As many digits as tell something.
std::string number(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(),
                value < 10    ? "%.2f"
                : value < 100 ? "%.1f"
                              : "%.0f",
                value);
  return text.data();
}

std::string verdict(const Row& row, double s2) {
  if (s2 < kS2Min || row.late || (!row.s2.empty() && median(row.s2) < kS2Min) ||
      drift(row.tight) > kDriftMax)
    return "machine too noisy";
  const double value = median(row.values);
  return (row.at_least ? value >= row.bound : value <= row.bound) ? "met" : "missed";
}

using Line = std::array<std::string, 8>;

void print(const std::vector<Line>& lines) {
  std::array<std::size_t, std::tuple_size_v<Line>> widths{};
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      widths[i] = std::max(widths[i], line[i].size());
  }
  for (const Line& line : lines) {
    for (std::size_t i = 0; i < line.size(); ++i)
      std::printf("%-*s%s", static_cast<int>(widths[i]), line[i].c_str(),
                  i + 1 < line.size() ? "  " : "\n");
  }
}

}  // namespace

std::string ns_each(const std::vector<double>& engine_s, const std::vector<double>& tight_s,
                    std::uint64_t records) {
  const auto each = [&](const std::vector<double>& times) {
    return number(median(times) * 1e9 / static_cast<double>(records));
  };
  return each(engine_s) + " / " + each(tight_s) + " ns";
}

void print_rows(const Bench& bench, double s2) {
  std::vector<Line> lines{{"goal", "what", "yardstick", "measured", "min-max", "engine / yardstick",
                           "wanted", "verdict"}};
  for (const Row& row : bench.rows) {
    const auto [least, most] = std::ranges::minmax(row.values);
    lines.push_back({row.goal, row.what, row.yardstick, number(median(row.values)) + " " + row.unit,
                     number(least) + "-" + number(most), row.figures,
                     (row.at_least ? ">= " : "<= ") + number(row.bound) + " " + row.unit,
                     verdict(row, s2)});
  }
  std::printf("%s, medians of %d rounds, one CPU unless it says two; S2 = %.2f\n",
              bench.quick ? "small inputs" : "full inputs", bench.rounds, s2);
  print(lines);
}

}  // namespace sage::bench
