#include "plugin/distribution.hpp"

#include "plugin/metric_set.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

constexpr double kQuantiles[] = {0.01, 0.1, 0.5, 0.9, 0.99, 0.999, 1};

double exact(const std::vector<double>& sorted, double q) {
  const auto rank = static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

void check_quantiles(std::vector<double> values, const Distribution& got) {
  std::sort(values.begin(), values.end());
  for (const double q : kQuantiles) {
    const double want = exact(values, q);
    INFO("quantile " << q << " of " << values.size());
    CHECK(std::abs(got.quantile(q) - want) <= 0.032 * std::abs(want));
  }
}

std::vector<double> drawn(std::size_t n, const std::function<double()>& draw) {
  std::vector<double> all(n);
  std::generate(all.begin(), all.end(), draw);
  return all;
}

}  // namespace

TEST_CASE("distribution: quantiles are right within 3.2 % of values of any size", "[plugin]") {
  std::mt19937_64 random(20261127);
  std::lognormal_distribution<double> wide(0, 4);
  std::normal_distribution<double> both_signs(0, 100);
  std::uniform_real_distribution<double> even(1e6, 3e6);
  const std::function<double()> draws[] = {
      [&] { return wide(random); }, [&] { return both_signs(random); },
      [&] { return even(random); }, [&] { return std::floor(both_signs(random) / 50); }};
  for (const auto& draw : draws) {
    for (const std::size_t n : {1u, 2u, 100u, 20'000u}) {
      const std::vector<double> values = drawn(n, draw);
      LiveDistribution live;
      LiveDistribution halves[2];
      for (std::size_t i = 0; i < values.size(); ++i) {
        live.record(values[i]);
        halves[i % 2].record(values[i]);
      }
      check_quantiles(values, live.read());
      Distribution merged = halves[0].read();
      merged.merge(halves[1].read());
      check_quantiles(values, merged);
    }
  }
}

TEST_CASE("distribution: what is too small, too large or no number does no harm", "[plugin]") {
  LiveDistribution live;
  CHECK(live.read().quantile(0.5) == 0);
  live.record(std::nan(""));
  CHECK(live.read().quantile(0.5) == 0);
  for (const double value : {1e-300, 5e-324, 0.0, -0.0, -1e-300})
    live.record(value);
  CHECK(std::abs(live.read().quantile(0.01)) < 1e-18);
  CHECK(std::abs(live.read().quantile(1)) < 1e-18);
  live.record(std::numeric_limits<double>::infinity());
  live.record(-std::numeric_limits<double>::max());
  CHECK(live.read().quantile(1) > 1e19);
  CHECK(live.read().quantile(0.01) < -1e19);
}

TEST_CASE("distribution: one thread writes and another reads", "[plugin]") {
  LiveDistribution live;
  std::thread writer([&] {
    for (int i = 0; i < 100'000; ++i)
      live.record(i % 1000 - 500);
  });
  for (int i = 0; i < 200; ++i)
    CHECK(std::abs(live.read().quantile(0.5)) <= 520);
  writer.join();
  CHECK(live.read().quantile(0.9) == Approx(399).epsilon(0.032));
}

TEST_CASE("metrics: the quantiles of a histogram lie between its least and its most", "[plugin]") {
  MetricSet set;
  sage_metric* cell = set.cell(Metric::Type::kHistogram, "h", "s");
  CHECK(set.read().at(0).quantile(0.5) == 0);
  metric_record(cell, 7);
  for (const double q : kQuantiles)
    CHECK(set.read().at(0).quantile(q) == 7);
  metric_record(cell, 1e30);
  CHECK(set.read().at(0).quantile(0.5) == Approx(7).epsilon(0.032));
  CHECK(set.read().at(0).quantile(1) <= 1e30);
}

TEST_CASE("metrics: the histograms of two instances merge into that of both", "[plugin]") {
  MetricSet sets[2];
  for (MetricSet& set : sets)
    set.cell(Metric::Type::kHistogram, "h", "s");
  Metric all = sets[0].read().at(0);
  for (const double value : {10., 20., 30.})
    metric_record(sets[1].cell(Metric::Type::kHistogram, "h", "s"), value);
  all.merge(sets[1].read().at(0));
  CHECK(all.minimum == 10);
  all.merge(sets[0].read().at(0));
  CHECK(all.minimum == 10);
  metric_record(sets[0].cell(Metric::Type::kHistogram, "h", "s"), -500);
  metric_record(sets[0].cell(Metric::Type::kHistogram, "h", "s"), 1000);
  all.merge(sets[0].read().at(0));
  CHECK(all.count == 5);
  CHECK(all.sum == 560);
  CHECK(all.quantile(0.2) == Approx(-500).epsilon(0.032));
  CHECK(all.quantile(0.6) == Approx(20).epsilon(0.032));
  CHECK(all.quantile(1) == Approx(1000).epsilon(0.032));
}

}  // namespace sage::plugin
