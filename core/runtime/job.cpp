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
  const auto warn = [log = job->options_.log](const flow::Task& task, double seconds) {
    if (!log)
      return;
    const plugin::InstanceSpec& spec = task.chain().at(0).instance().spec();
    log(2, spec.stage, spec.subtask,
        "one turn took " + std::to_string(seconds) +
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

Status Job::commit_sinks() {
  for (const auto& stage : stages_) {
    for (const Placed& placed : stage) {
      if (placed.op->role() == flow::Role::kSink)
        SAGE_CHECK(placed.op->instance().commit());
    }
  }
  return Ok{};
}

void Job::close_all(bool abort) {
  for (plugin::Instance* instance : opened_) {
    const sage_operator& op = *instance->spec().op.op;
    if (abort && op.get_role(&op, SAGE_ROLE_SINK) != nullptr)
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
    status = commit_sinks();
  if (!status) {
    const bool cancelled = status.error().code == "E0606";
    end_as(cancelled ? "cancelled" : "failed", began);
    close_all(true);
    return status;
  }
  end_as(stopped_.load() ? "stopped" : "finished", began);
  close_all(false);
  return Ok{};
}

void Job::stop() {
  stopped_.store(true);
  executor_->stop();
}

void Job::cancel() { executor_->cancel(); }

}  // namespace sage::runtime
