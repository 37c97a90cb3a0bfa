#pragma once
// What limits a job: the chain whose busiest instance has the least time to spare. Pure. [any]

#include "plan/plan.hpp"
#include "runtime/report.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sage::runtime {

// How busy a job was up to a moment.
struct BusyTimes {
  double seconds = 0;                       // of the job
  std::vector<std::vector<double>> stages;  // seconds, per stage and instance
};
BusyTimes busy_times(const Report& report);

// The stages of that chain between two moments, joined by "+": "lines+words". Nothing: no instance
// was busy for over a tenth of the time. `from` may be empty: the begin.
std::optional<std::string> limited_by(const plan::Plan& plan, const BusyTimes& from,
                                      const BusyTimes& to);

}  // namespace sage::runtime
