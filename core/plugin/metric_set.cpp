#include "plugin/metric_set.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

// Declared by the C ABI, hence outside of our namespaces. One writer: loads and stores suffice.
struct sage_metric {
  std::string name;
  std::string unit;
  sage::plugin::Metric::Type type = sage::plugin::Metric::Type::kCounter;
  std::atomic<std::uint64_t> count{0};
  std::atomic<double> value{0};
  std::atomic<double> sum{0};
  std::atomic<double> minimum{0};
  std::atomic<double> maximum{0};
  sage::plugin::LiveDistribution distribution;
};

namespace sage::plugin {
namespace {

constexpr auto kRelaxed = std::memory_order_relaxed;

}  // namespace

double Metric::quantile(double q) const {
  return count == 0 ? 0 : std::clamp(distribution.quantile(q), minimum, maximum);
}

void Metric::merge(const Metric& other) {
  if (other.count > 0 && type == Type::kHistogram) {
    minimum = count == 0 ? other.minimum : std::min(minimum, other.minimum);
    maximum = count == 0 ? other.maximum : std::max(maximum, other.maximum);
    distribution.merge(other.distribution);
  }
  count += other.count;
  value += other.value;
  sum += other.sum;
}

MetricSet::MetricSet() = default;
MetricSet::~MetricSet() = default;

sage_metric* MetricSet::cell(Metric::Type type, std::string_view name, std::string_view unit) {
  const std::lock_guard lock(mutex_);
  for (const auto& cell : cells_) {
    if (cell->name == name) {
      return cell->type == type ? cell.get() : nullptr;
    }
  }
  if (cells_.size() >= kMost) {
    return nullptr;
  }
  auto& cell = cells_.emplace_back(std::make_unique<sage_metric>());
  cell->name = name;
  cell->unit = unit;
  cell->type = type;
  return cell.get();
}

bool MetricSet::full() const {
  const std::lock_guard lock(mutex_);
  return cells_.size() >= kMost;
}

std::vector<Metric> MetricSet::read() const {
  const std::lock_guard lock(mutex_);
  std::vector<Metric> all;
  for (const auto& cell : cells_) {
    all.push_back({cell->name, cell->unit, cell->type, cell->count.load(kRelaxed),
                   cell->value.load(kRelaxed), cell->sum.load(kRelaxed),
                   cell->minimum.load(kRelaxed), cell->maximum.load(kRelaxed),
                   cell->distribution.read()});
  }
  return all;
}

void metric_add(sage_metric* metric, std::uint64_t n) {
  if (metric != nullptr) {
    metric->count.store(metric->count.load(kRelaxed) + n, kRelaxed);
  }
}

void metric_set(sage_metric* metric, double value) {
  if (metric != nullptr) {
    metric->value.store(value, kRelaxed);
  }
}

void metric_record(sage_metric* metric, double value) {
  if (metric == nullptr || std::isnan(value)) {
    return;
  }
  const std::uint64_t count = metric->count.load(kRelaxed);
  const double minimum = metric->minimum.load(kRelaxed);
  const double maximum = metric->maximum.load(kRelaxed);
  metric->minimum.store(count == 0 ? value : std::min(minimum, value), kRelaxed);
  metric->maximum.store(count == 0 ? value : std::max(maximum, value), kRelaxed);
  metric->sum.store(metric->sum.load(kRelaxed) + value, kRelaxed);
  metric->distribution.record(value);
  metric->count.store(count + 1, kRelaxed);
}

}  // namespace sage::plugin
