#include "runtime/bottleneck.hpp"

#include <algorithm>

namespace sage::runtime {
namespace {

// Of one thread, to be called the limit: several chains may share it.
constexpr double kBusyEnough = 0.1;

// Of the busiest instance.
double most_busy(const BusyTimes& from, const BusyTimes& to, std::uint32_t stage) {
  double most = 0;
  for (std::size_t i = 0; stage < to.stages.size() && i < to.stages[stage].size(); ++i) {
    const double before = stage < from.stages.size() ? from.stages[stage][i] : 0;
    most = std::max(most, to.stages[stage][i] - before);
  }
  return most;
}

}  // namespace

BusyTimes busy_times(const Report& report) {
  BusyTimes times;
  times.seconds = report.seconds;
  for (const StageReport& stage : report.stages) {
    std::vector<double>& instances = times.stages.emplace_back();
    for (const InstanceReport& instance : stage.instances)
      instances.push_back(instance.busy_seconds);
  }
  return times;
}

std::optional<std::string> limited_by(const plan::Plan& plan, const BusyTimes& from,
                                      const BusyTimes& to) {
  double most = kBusyEnough * (to.seconds - from.seconds);
  const plan::Chain* busiest = nullptr;
  for (const plan::Chain& chain : plan.chains) {
    const double busy = most_busy(from, to, chain.stages.front());
    if (busy > most) {
      most = busy;
      busiest = &chain;
    }
  }
  if (busiest == nullptr)
    return std::nullopt;
  std::string name;
  for (const std::uint32_t stage : busiest->stages)
    name += (name.empty() ? "" : "+") + plan.stages[stage].id;
  return name;
}

}  // namespace sage::runtime
