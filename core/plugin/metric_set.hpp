#pragma once
// The metric cells of one instance behind "sage.host.metrics/1". The instance writes with relaxed
// atomics and no lock, anybody reads; the lock only guards the list of cells. Owns the cells.

#include "plugin/distribution.hpp"

#include <sage/ext/metrics.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sage::plugin {

struct Metric {
  enum class Type { kCounter, kGauge, kHistogram };
  std::string name;
  std::string unit;
  Type type = Type::kCounter;
  std::uint64_t count = 0;
  double value = 0;  // gauge
  // Histogram.
  double sum = 0, minimum = 0, maximum = 0;
  Distribution distribution;

  // A quantile of a histogram.
  double quantile(double q) const;
  // Adds what another instance has under the same name.
  void merge(const Metric& other);
};

class MetricSet {
 public:
  static constexpr std::size_t kMost = 256;

  MetricSet();
  ~MetricSet();
  // [task] The cell of this name, made when it is new; nullptr: the name is taken by another type,
  // or there are kMost cells.
  sage_metric* cell(Metric::Type type, std::string_view name, std::string_view unit);
  bool full() const;                 // [any]
  std::vector<Metric> read() const;  // [any]

 private:
  mutable std::mutex mutex_;
  std::vector<std::unique_ptr<sage_metric>> cells_;  // guarded by mutex_; a cell never moves
};

// The parts of the service that know cells alone.
void metric_add(sage_metric* metric, std::uint64_t n);
void metric_set(sage_metric* metric, double value);
void metric_record(sage_metric* metric, double value);

}  // namespace sage::plugin
