#include "runtime/report.hpp"

#include "runtime/bottleneck.hpp"
#include "runtime/job.hpp"

#include <algorithm>

namespace sage::runtime {

namespace {

void merge(std::vector<plugin::Metric>& into, const std::vector<plugin::Metric>& from) {
  for (const plugin::Metric& metric : from) {
    auto known = std::find_if(into.begin(), into.end(),
                              [&](const plugin::Metric& m) { return m.name == metric.name; });
    if (known == into.end()) {
      into.push_back(metric);
      continue;
    }
    known->merge(metric);
  }
}

void add(InstanceReport& total, const InstanceReport& one) {
  total.records_in += one.records_in;
  total.records_out += one.records_out;
  total.processed += one.processed;
  total.filtered += one.filtered;
  total.skipped += one.skipped;
  total.dead_lettered += one.dead_lettered;
  total.failed += one.failed;
  total.retries += one.retries;
  total.bytes_in += one.bytes_in;
  total.bytes_out += one.bytes_out;
  total.barriers += one.barriers;
  total.state_keys += one.state_keys;
  total.state_bytes += one.state_bytes;
  total.idle += one.idle;
  total.busy += one.busy;
  total.blocked += one.blocked;
  total.busy_seconds += one.busy_seconds;
  merge(total.metrics, one.metrics);
}

InstanceReport report_of(const flow::Operator& op, const flow::Task& task) {
  const flow::Counters& c = op.counters();
  InstanceReport out;
  out.index = op.instance().spec().subtask;
  out.records_in = c.records_in.get();
  out.records_out = c.records_out.get();
  out.processed = c.processed.get();
  out.filtered = c.filtered.get();
  out.skipped = c.skipped.get();
  out.dead_lettered = c.dead_lettered.get();
  out.failed = c.failed.get();
  out.retries = c.retries.get();
  out.bytes_in = c.bytes_in.get();
  out.bytes_out = c.bytes_out.get();
  out.barriers = c.barriers.get();
  out.state_keys = op.instance().state_keys();
  out.state_bytes = op.instance().state_bytes();
  const flow::Task::Times times = task.times();
  const auto idle = static_cast<double>(times.idle_ns);
  const auto busy = static_cast<double>(times.busy_ns);
  const auto blocked = static_cast<double>(times.blocked_ns);
  const double all = std::max(idle + busy + blocked, 1.0);
  out.idle = idle / all;
  out.busy = busy / all;
  out.blocked = blocked / all;
  out.busy_seconds = busy / 1e9;
  out.metrics = op.instance().metrics();
  return out;
}

// What needs all instances.
void finish(StageReport& stage) {
  const auto n = static_cast<double>(std::max<std::size_t>(stage.instances.size(), 1));
  stage.total.idle /= n;
  stage.total.busy /= n;
  stage.total.blocked /= n;
  std::uint64_t most = 0;
  for (const InstanceReport& instance : stage.instances)
    most = std::max(most, instance.records_in);
  if (stage.total.records_in > 0)
    stage.skew = n * static_cast<double>(most) / static_cast<double>(stage.total.records_in);
}

}  // namespace

std::string_view name_of(JobState state) {
  switch (state) {
    case JobState::kRunning:
      return "running";
    case JobState::kFinished:
      return "finished";
    case JobState::kStopped:
      return "stopped";
    case JobState::kCancelled:
      return "cancelled";
    case JobState::kFailed:
      return "failed";
  }
  return "";
}

std::uint64_t Report::source_records() const {
  std::uint64_t total = 0;
  for (const StageReport& stage : stages) {
    if (stage.kind == SAGE_KIND_SOURCE)
      total += stage.total.records_in;
  }
  return total;
}

std::uint64_t Report::sink_records() const {
  std::uint64_t total = 0;
  for (const StageReport& stage : stages) {
    const InstanceReport& t = stage.total;
    if (stage.kind == SAGE_KIND_SINK)  // what is above the row limit was filtered out
      total += t.records_in - t.filtered - t.skipped - t.dead_lettered - t.failed;
  }
  return total;
}

Status check_accounts(const Report& report) {
  for (const StageReport& stage : report.stages) {
    for (const InstanceReport& c : stage.instances) {
      const std::uint64_t known = c.processed + c.filtered + c.failed + c.skipped + c.dead_lettered;
      if (c.records_in == known)
        continue;
      return Error{ErrorKind::kInternal, "E0612",
                   "stage `" + stage.id + "`, instance " + std::to_string(c.index) + " took " +
                       std::to_string(c.records_in) + " records and accounts for " +
                       std::to_string(known),
                   "", std::nullopt};
    }
  }
  if (report.channel_sent != report.channel_received) {
    return Error{ErrorKind::kInternal, "E0612",
                 std::to_string(report.channel_sent) + " records were sent between tasks and " +
                     std::to_string(report.channel_received) + " received",
                 "", std::nullopt};
  }
  return Ok{};
}

Report Job::report() const { return snapshot(seconds_ns_.load() >= 0); }

Report Job::snapshot(bool still) const {
  Report report;
  const std::int64_t took = seconds_ns_.load();
  const std::int64_t began = began_ns_.load();
  const std::int64_t so_far = took >= 0 ? took : began > 0 ? options_.clock->now_ns() - began : 0;
  report.name = plan_.name;
  report.state = state_.load();
  report.seconds = static_cast<double>(so_far) / 1e9;
  for (std::size_t s = 0; s < plan_.stages.size(); ++s) {
    StageReport stage;
    stage.id = plan_.stages[s].id;
    stage.use = plan_.stages[s].op.use.text();
    stage.kind = plan_.stages[s].op.info->kind;
    for (const Placed& placed : stages_[s]) {
      stage.instances.push_back(report_of(*placed.op, *placed.task));
      add(stage.total, stage.instances.back());
    }
    finish(stage);
    report.stages.push_back(std::move(stage));
  }
  report.record_bytes = pool_.most_bytes();
  report.limited_by = limited_by(plan_, {}, busy_times(report));
  if (still) {
    for (const auto& task : tasks_) {
      report.channel_sent += task->chain().records_sent();
      report.channel_received += task->inbox().records_received();
    }
  }
  return report;
}

}  // namespace sage::runtime
