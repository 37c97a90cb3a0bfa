#include "runtime/executors.hpp"

#include "base/signal_stack.hpp"

#include <system_error>
#include <utility>

namespace sage::runtime {

Result<std::unique_ptr<Executors>> Executors::make(std::uint32_t count, const Clock& clock) {
  std::unique_ptr<Executors> made(new Executors);
  if (count > 1) {
    SAGE_TRY(made->inproc_, net::Inproc::make(count));
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    std::unique_ptr<flow::Mailbox> mailbox;
    if (made->inproc_) {
      SAGE_TRY(mailbox, made->inproc_->make_mailbox());
    }
    SAGE_TRY(auto executor, flow::Executor::make(clock, std::move(mailbox)));
    made->executors_.push_back(std::move(executor));
  }
  return made;
}

void Executors::fail(Error error, const std::function<void()>& interrupt) {
  {
    const std::lock_guard lock(mutex_);
    if (!first_)
      return;
    first_ = std::move(error);
  }
  cancel();
  interrupt();
}

void Executors::run_one(flow::Executor& executor, const std::function<void()>& interrupt) {
  const SignalStack stack;
  if (Status status = executor.run(); !status)
    fail(std::move(status.error()), interrupt);
}

void Executors::start(std::vector<std::jthread>& threads, const std::function<void()>& interrupt) {
  try {
    for (std::size_t i = 1; i < executors_.size(); ++i)
      threads.emplace_back([this, &interrupt, i] { run_one(*executors_[i], interrupt); });
  } catch (const std::system_error& error) {
    fail(Error{ErrorKind::kUnavailable, "E0613",
               "executor " + std::to_string(threads.size() + 2) + " of " +
                   std::to_string(executors_.size()) + " gets no thread: " + error.what(),
               "raise the limit of threads (`ulimit -u`), or lower the parallelism of stages that "
               "may block"},
         interrupt);
  }
}

Status Executors::run(const std::function<void()>& interrupt) {
  {
    std::vector<std::jthread> threads;  // joined when they go
    start(threads, interrupt);
    run_one(*executors_.front(), interrupt);
  }
  return failure();
}

Status Executors::failure() {
  const std::lock_guard lock(mutex_);
  return first_;
}

void Executors::stop() {
  for (const auto& executor : executors_)
    executor->stop();
}

void Executors::cancel() {
  for (const auto& executor : executors_)
    executor->cancel();
}

void Executors::begin_epoch(flow::Barrier barrier) {
  for (const auto& executor : executors_)
    executor->begin_epoch(barrier);
}

}  // namespace sage::runtime
