#pragma once
// A whole job in this process: its tasks made from the plan, run on executors, its sinks committed
// at the end. Owns tasks and operator instances; the plan and the registry must outlive it. One
// thread creates and runs it; stop, cancel and report may be called by any.

#include "base/clock.hpp"
#include "plan/placement.hpp"
#include "plugin/registry.hpp"
#include "runtime/executors.hpp"
#include "runtime/make_operator.hpp"
#include "runtime/memory_bound.hpp"
#include "runtime/report.hpp"
#include "runtime/stall_watch.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace sage::runtime {

struct JobOptions {
  std::uint32_t cpus = 1;              // executors that the tasks which do not block share, at most
  std::uint32_t batch_records = 4096;  // 1 .. 65536
  std::int64_t linger_ns = 1'000'000;  // a row waits so long at most for its batch to fill up
  std::uint64_t row_limit = UINT64_MAX;  // rows that the sinks take before the job stops; a small
                                         // one makes batches small, too
  plugin::LogSink log;
  std::uint32_t log_level = 3;  // SAGE_LOG_*
  const Clock* clock = &system_clock();
};

class Job {
 public:
  // [control] Makes every instance and channel; runs the operators' create.
  static Result<std::unique_ptr<Job>> create(const plan::Plan& plan, plugin::Registry& registry,
                                             JobOptions options);
  ~Job();
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;

  // Opens, runs to the end, commits the sinks; after a failure or cancel() nothing is committed.
  // Once.
  Status run();
  // [any] Sources end, everything in flight is finished, sinks commit.
  void stop();
  // [any] The same, but as planned: the job is then finished, not stopped.
  void end_input();
  // [any] Now, nothing is committed; no effect once the job has failed or the sinks commit.
  void cancel();
  // [any] Every source that has not ended sends a barrier, and none leaves one out: whoever waits
  // for one by a longer way gets it. Epochs begin with 1 and grow.
  void begin_epoch(std::uint64_t epoch) { executors_->begin_epoch({epoch}); }
  // [any] Which executor runs what, and what records may take up on their way.
  const plan::Placement& placement() const { return placed_; }
  MemoryBound memory_bound() const { return runtime::memory_bound(plan_, options_.batch_records); }
  // [any] Nothing: run() returns by itself. Otherwise how the job ended: it failed or was cancelled
  // seconds ago, but a call does not return (named in the log, W0602), and so run() does not. That
  // is E0607 in the middle of the commits, Ok behind them.
  std::optional<Status> hangs();
  // [any]
  Report report() const;
  // [any], one thread: to be called several times a second; names in the log what stalls the job.
  void look_for_stalls() { stalls_->look(); }

 private:
  static constexpr std::int64_t kNotYet = INT64_MAX;
  enum class Phase { kRunning, kFailing, kEnding, kCancelled };
  struct Placed {  // an operator instance and the task that runs it
    flow::Operator* op = nullptr;
    flow::Task* task = nullptr;
  };
  Job(const plan::Plan& plan, JobOptions options);
  JobContext context(plugin::Registry& registry) const;
  Status make_tasks(plugin::Registry& registry);
  Status make_task(plugin::Registry& registry, std::uint32_t number, std::uint32_t index);
  Status connect(plugin::Registry& registry, const plan::Edge& edge);
  Result<std::unique_ptr<flow::Partitioner>> make_partitioner(plugin::Registry& registry,
                                                              const plan::Edge& edge,
                                                              std::uint32_t sender,
                                                              std::uint32_t receivers);
  Result<std::unique_ptr<plugin::Instance>> make_custom(plugin::Registry& registry,
                                                        const plan::Edge& edge,
                                                        std::uint32_t sender);
  std::vector<plugin::Instance*> instances() const;
  Status open_all();
  void forget_unfinished();
  Status commit_sinks();
  // `still`: the task threads do nothing more.
  Report snapshot(bool still) const;
  bool leave_phase(Phase to);
  void interrupt_all();
  void close_all(bool abort);
  void end_as(JobState state, std::int64_t began);

  const plan::Plan& plan_;
  JobOptions options_;
  flow::BatchPool pool_;
  plan::Placement placed_;
  std::unique_ptr<Executors> executors_;
  flow::RowLimit limit_;
  std::vector<std::vector<flow::Task*>> chains_;  // per chain, per index
  std::vector<std::vector<Placed>> stages_;       // per stage, per index
  std::vector<std::unique_ptr<flow::Task>> tasks_;
  std::vector<plugin::Instance*> partitioners_;  // owned by the outlets
  std::vector<plugin::Instance*> opened_;
  std::optional<StallWatch> stalls_;
  std::atomic<std::int64_t> began_ns_{0};
  std::atomic<std::int64_t> interrupted_ns_{kNotYet};  // the latest; all calls are to return
  std::atomic<JobState> state_{JobState::kRunning};
  std::atomic<std::int64_t> seconds_ns_{-1};  // of the whole run, -1: still running
  std::atomic<Phase> phase_{Phase::kRunning};
  std::atomic<bool> stopped_{false};
};

}  // namespace sage::runtime
