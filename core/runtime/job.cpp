#include "runtime/job.hpp"

#include <algorithm>
#include <string>

namespace sage::runtime {

namespace {

constexpr std::uint64_t kLimitedBatchMin = 16;

}  // namespace

Job::Job(const plan::Plan& plan, JobOptions options)
    : plan_(plan),
      options_(std::move(options)),
      placed_(plan::place_tasks(plan, options_.cpus)),
      limit_(options_.row_limit, [this] { end_input(); }) {
  // Nobody waits for a slow operator to work off thousands of records behind the last row.
  const std::uint64_t enough = std::max(options_.row_limit, kLimitedBatchMin);
  if (enough < options_.batch_records)
    options_.batch_records = static_cast<std::uint32_t>(enough);
}

Job::~Job() { close_all(true); }

Result<std::unique_ptr<Job>> Job::create(const plan::Plan& plan, plugin::Registry& registry,
                                         JobOptions options) {
  std::unique_ptr<Job> job(new Job(plan, std::move(options)));
  SAGE_TRY(job->executors_, Executors::make(job->placed_.count, *job->options_.clock));
  SAGE_CHECK(job->make_tasks(registry));
  const std::vector<plugin::Instance*> all = job->instances();
  job->stalls_.emplace(std::vector<const plugin::Instance*>(all.begin(), all.end()),
                       job->options_.log, *job->options_.clock);
  return job;
}

std::vector<plugin::Instance*> Job::instances() const {
  std::vector<plugin::Instance*> all = partitioners_;
  for (const auto& stage : stages_) {
    for (const Placed& placed : stage)
      all.push_back(&placed.op->instance());
  }
  return all;
}

Status Job::open_all() {
  for (plugin::Instance* instance : instances()) {
    SAGE_CHECK(instance->open());
    opened_.push_back(instance);
  }
  return Ok{};
}

// The records of a call that did not come to its end were not taken.
void Job::forget_unfinished() {
  for (const auto& stage : stages_) {
    for (const Placed& placed : stage)
      placed.op->forget_unfinished();
  }
}

// The decision is made: every sink is asked, whatever becomes of the others.
Status Job::commit_sinks() {
  Status first = Ok{};
  for (const auto& stage : stages_) {
    for (const Placed& placed : stage) {
      if (placed.op->role() != flow::Role::kSink)
        continue;
      Status status = placed.op->instance().commit();
      if (first && !status)
        first = std::move(status);
    }
  }
  if (!first) {
    first.error().hint =
        "other sinks may have committed; `sage explain E0607` tells what becomes of this one's "
        "rows";
  }
  return first;
}

void Job::close_all(bool abort) {
  for (plugin::Instance* instance : opened_) {
    if (abort)
      instance->abort();
    instance->close();
  }
  opened_.clear();
}

void Job::end_as(JobState state, std::int64_t began) {
  state_.store(state);
  seconds_ns_.store(options_.clock->now_ns() - began);
}

Status Job::run() {
  const std::int64_t began = options_.clock->now_ns();
  began_ns_.store(began);
  Status status = open_all();
  if (options_.row_limit == 0)
    end_input();
  if (status)
    status = executors_->run([this] {
      leave_phase(Phase::kFailing);
      interrupt_all();
    });
  if (status) {
    status = check_accounts(snapshot(true));
  } else {
    forget_unfinished();
  }
  if (!leave_phase(Phase::kEnding) && phase_.load() == Phase::kCancelled)
    status = flow::cancelled();  // an interrupted call says something else
  const bool decided = static_cast<bool>(status);
  if (decided)
    status = commit_sinks();
  const bool was_cancelled = !status && status.error().code == "E0606";
  end_as(was_cancelled     ? JobState::kCancelled
         : !status         ? JobState::kFailed
         : stopped_.load() ? JobState::kStopped
                           : JobState::kFinished,
         began);
  // A cancelled job leaves what is staged for the next one to find, as a killed one would.
  close_all(!decided && !was_cancelled);
  return status;
}

void Job::stop() {
  stopped_.store(true);
  executors_->stop();
}

void Job::end_input() { executors_->stop(); }

// False: somebody else left it before.
bool Job::leave_phase(Phase to) {
  Phase from = Phase::kRunning;
  return phase_.compare_exchange_strong(from, to);
}

void Job::cancel() {
  if (leave_phase(Phase::kCancelled)) {
    executors_->cancel();
    interrupt_all();
  } else if (phase_.load() == Phase::kEnding && interrupted_ns_.load() == kNotYet) {
    interrupted_ns_.store(options_.clock->now_ns());  // calls go on, but nobody waits for ever
  }
}

void Job::interrupt_all() {
  interrupted_ns_.store(options_.clock->now_ns());
  for (plugin::Instance* instance : instances())
    instance->interrupt();
}

std::optional<Status> Job::hangs() {
  const std::int64_t since = interrupted_ns_.load();
  if (since == kNotYet || !stalls_->name_hung(since))
    return std::nullopt;
  if (Status failure = executors_->failure(); !failure)
    return failure;
  const JobState state = state_.load();
  if (state == JobState::kFinished || state == JobState::kStopped)
    return Ok{};
  if (phase_.load() == Phase::kCancelled)
    return flow::cancelled();
  return Error{ErrorKind::kFailed, "E0607", "a sink has not come to an end with its commit",
               "other sinks may have committed; `sage explain E0607` tells what becomes of this "
               "one's rows"};
}

}  // namespace sage::runtime
