#include "runtime/job.hpp"

#include <string>

namespace sage::runtime {

Job::Job(const plan::Plan& plan, JobOptions options) : plan_(plan), options_(std::move(options)) {
  limit_.left = options_.row_limit;
}

Job::~Job() { close_all(true); }

Result<std::unique_ptr<Job>> Job::create(const plan::Plan& plan, plugin::Registry& registry,
                                         JobOptions options) {
  std::unique_ptr<Job> job(new Job(plan, std::move(options)));
  SAGE_CHECK(job->make_tasks(registry));
  std::vector<flow::Task*> tasks;
  for (const auto& task : job->tasks_)
    tasks.push_back(task.get());
  const auto warn = [log = job->options_.log](const flow::Operator& op, double seconds) {
    if (!log)
      return;
    const plugin::InstanceSpec& spec = op.instance().spec();
    log(2, spec.stage, spec.subtask,
        "SAGE-W0601: one call took " + std::to_string(seconds) +
            " s and held up every other stage; an operator that sleeps or does I/O should say so "
            "(MAY_BLOCK)");
  };
  job->executor_ =
      std::make_unique<flow::Executor>(std::move(tasks), job->limit_, *job->options_.clock, warn);
  return job;
}

Status Job::open_all() {
  std::vector<plugin::Instance*> all = partitioners_;
  for (const auto& stage : stages_) {
    for (const Placed& placed : stage)
      all.push_back(&placed.op->instance());
  }
  for (plugin::Instance* instance : all) {
    SAGE_CHECK(instance->open());
    opened_.push_back(instance);
  }
  return Ok{};
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
  return first;
}

// Nothing is lost inside the engine: what was sent was received, and what came in is accounted for.
Status Job::check_accounts() const {
  std::uint64_t sent = 0;
  std::uint64_t received = 0;
  for (const auto& task : tasks_) {
    sent += task->chain().records_sent();
    received += task->inbox().records_received();
    for (std::uint32_t i = 0; i < task->chain().size(); ++i) {
      const flow::Counters& c = task->chain().at(i).counters();
      const std::uint64_t out = c.processed.get() + c.filtered.get() + c.failed.get() +
                                c.skipped.get() + c.dead_lettered.get();
      if (c.records_in.get() == out)
        continue;
      const plugin::InstanceSpec& spec = task->chain().at(i).instance().spec();
      return Error{ErrorKind::kInternal, "E0612",
                   "stage `" + spec.stage + "`, instance " + std::to_string(spec.subtask) +
                       " took " + std::to_string(c.records_in.get()) +
                       " records and accounts for " + std::to_string(out),
                   "", std::nullopt};
    }
  }
  if (sent != received) {
    return Error{ErrorKind::kInternal, "E0612",
                 std::to_string(sent) + " records were sent between tasks and " +
                     std::to_string(received) + " received",
                 "", std::nullopt};
  }
  return Ok{};
}

void Job::close_all(bool abort) {
  for (plugin::Instance* instance : opened_) {
    if (abort)
      instance->abort();
    instance->close();
  }
  opened_.clear();
}

void Job::end_as(const char* state, std::int64_t began) {
  state_.store(state);
  seconds_ns_.store(options_.clock->now_ns() - began);
}

Status Job::run() {
  const std::int64_t began = options_.clock->now_ns();
  began_ns_.store(began);
  Status status = open_all();
  if (status)
    status = executor_->run();
  if (status)
    status = check_accounts();
  if (status && !leave_phase(Phase::kCommitting))
    status = flow::cancelled();
  const bool decided = static_cast<bool>(status);
  if (decided)
    status = commit_sinks();
  const bool was_cancelled = !status && status.error().code == "E0606";
  end_as(was_cancelled     ? "cancelled"
         : !status         ? "failed"
         : stopped_.load() ? "stopped"
                           : "finished",
         began);
  // A cancelled job leaves what is staged for the next one to find, as a killed one would.
  close_all(!decided && !was_cancelled);
  return status;
}

void Job::stop() {
  stopped_.store(true);
  executor_->stop();
}

void Job::end_input() { executor_->stop(); }

// False: somebody else left it before.
bool Job::leave_phase(Phase to) {
  Phase from = Phase::kRunning;
  return phase_.compare_exchange_strong(from, to);
}

void Job::cancel() {
  if (!leave_phase(Phase::kCancelled))
    return;
  executor_->cancel();
  for (plugin::Instance* partitioner : partitioners_)
    partitioner->interrupt();
}

}  // namespace sage::runtime
