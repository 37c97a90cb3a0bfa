#include "flow/executor.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace sage::flow {

namespace {

constexpr std::uint32_t kStepsPerTurn = 16;
constexpr std::int64_t kLookNs = 1'000'000;

}  // namespace

Error cancelled() {
  return Error{ErrorKind::kFailed, "E0606", "the job was cancelled", "", std::nullopt};
}

Executor::Executor(std::vector<Task*> tasks, const RowLimit& limit, const Clock& clock)
    : tasks_(std::move(tasks)),
      limit_(limit),
      clock_(clock),
      states_(tasks_.size(), Task::State::kRunning),
      wake_fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  SAGE_ASSERT(wake_fd_ >= 0);
}

Executor::~Executor() { close(wake_fd_); }

void Executor::stop() {
  stop_.store(true);
  eventfd_write(wake_fd_, 1);
}

void Executor::cancel() {
  cancel_.store(true);
  eventfd_write(wake_fd_, 1);
}

void Executor::stop_sources() {
  if (stopped_ || (!stop_.load() && limit_.left > 0))
    return;
  stopped_ = true;
  for (Task* task : tasks_)
    task->stop_source();
}

// Receivers first: what is in flight leaves before more comes in.
Status Executor::round() {
  for (std::size_t i = tasks_.size(); i-- > 0;) {
    if (states_[i] == Task::State::kDone)
      continue;
    SAGE_TRY(states_[i], tasks_[i]->run(kStepsPerTurn));
    if (cancel_.load())
      break;
  }
  return Ok{};
}

std::uint64_t Executor::activity() const {
  std::uint64_t total = 0;
  for (const Task* task : tasks_)
    total += task->activity();
  return total;
}

// Nothing else is to be done: batches under way need not wait for more.
bool Executor::close_batches() {
  bool any = false;
  for (Task* task : tasks_)
    any = task->close_batches() || any;
  return any;
}

Status Executor::run() {
  while (true) {
    if (cancel_.load())
      return cancelled();
    stop_sources();
    const std::uint64_t before = activity();
    if (Status status = round(); !status)
      return cancel_.load() ? cancelled() : status;  // an interrupted call says something else
    const bool done = std::all_of(states_.begin(), states_.end(),
                                  [](Task::State s) { return s == Task::State::kDone; });
    if (done)
      return Ok{};
    if (activity() == before) {
      if (!close_batches())
        sleep();
    } else if (const std::int64_t now = clock_.now_ns(); now - looked_at_ns_ > kLookNs) {
      wait(now);  // a busy source must not starve one whose descriptor has become readable
    }
  }
}

void Executor::sleep() {
  std::int64_t wake_at = INT64_MAX;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (states_[i] == Task::State::kIdle)
      wake_at = std::min(wake_at, tasks_[i]->wake_at_ns());
  }
  SAGE_ASSERT(wake_at != INT64_MAX);  // nobody can move and no source waits: a deadlock
  wait(wake_at);
}

void Executor::wait(std::int64_t until_ns) {
  std::vector<pollfd> fds{{wake_fd_, POLLIN, 0}};
  std::vector<Task*> owners{nullptr};
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    if (states_[i] != Task::State::kIdle || tasks_[i]->wake_fd() < 0)
      continue;
    fds.push_back({tasks_[i]->wake_fd(), POLLIN, 0});
    owners.push_back(tasks_[i]);
  }
  looked_at_ns_ = clock_.now_ns();
  const std::int64_t wait_ns = std::max<std::int64_t>(until_ns - looked_at_ns_, 0);
  timespec timeout{};
  timeout.tv_sec = static_cast<time_t>(std::min<std::int64_t>(wait_ns / 1'000'000'000, 3600));
  timeout.tv_nsec = static_cast<long>(wait_ns % 1'000'000'000);
  ppoll(fds.data(), fds.size(), &timeout, nullptr);
  for (std::size_t i = 1; i < fds.size(); ++i) {
    if (fds[i].revents != 0)
      owners[i]->wake();
  }
  eventfd_t drained = 0;
  eventfd_read(wake_fd_, &drained);
}

}  // namespace sage::flow
