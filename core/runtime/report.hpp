#pragma once
// What a job did, or is doing: counters per stage and instance. Values, taken at one moment;
// within a running job the numbers of different instances may be some microseconds apart. [any]

#include "base/result.hpp"
#include "plugin/metric_set.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sage::runtime {

enum class JobState { kRunning, kFinished, kStopped, kCancelled, kFailed };

std::string_view name_of(JobState state);  // "running"

struct InstanceReport {
  std::uint32_t index = 0;
  std::uint64_t records_in = 0;
  std::uint64_t records_out = 0;
  std::uint64_t processed = 0;  // in = processed + filtered + skipped + dead_lettered + failed
  std::uint64_t filtered = 0;
  std::uint64_t skipped = 0;
  std::uint64_t dead_lettered = 0;
  std::uint64_t failed = 0;
  std::uint64_t retries = 0;  // calls that were repeated
  std::uint64_t bytes_in = 0;
  std::uint64_t bytes_out = 0;
  std::uint64_t barriers = 0;  // passed on
  std::uint64_t state_keys = 0;
  std::uint64_t state_bytes = 0;
  // Shares of the time so far, 0..1, of the task that runs the instance. The wait before another
  // try of a call counts as busy: nobody else is waited for.
  double idle = 0;
  double busy = 0;
  double blocked = 0;
  double busy_seconds = 0;  // of that task
  std::vector<plugin::Metric> metrics;
};

struct StageReport {
  std::string id;
  std::string use;
  std::uint32_t kind = 0;  // SAGE_KIND_*
  std::vector<InstanceReport> instances;
  double skew = 1;  // records that the largest instance took over the mean
  // Sums over the instances; shares are means, metrics merged by name.
  InstanceReport total;
};

struct Report {
  std::string name;
  JobState state = JobState::kRunning;
  double seconds = 0;
  std::optional<Error> error;
  std::vector<StageReport> stages;
  std::optional<std::string> limited_by;  // the busiest chain, see runtime/bottleneck.hpp
  std::uint64_t record_bytes = 0;         // that records took up on their way, at most
  std::uint64_t channel_sent = 0;         // records over all channels
  std::uint64_t channel_received = 0;     // equal to it once the job has finished

  std::uint64_t source_records() const;  // read by all sources
  std::uint64_t sink_records() const;    // taken by all sinks
};

// E0612 if something was lost inside the engine: what was sent must have been received, and what
// came in be accounted for. Of a job whose tasks have ended.
Status check_accounts(const Report& report);

}  // namespace sage::runtime
