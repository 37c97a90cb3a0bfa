#include "flow/executor.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <poll.h>

namespace sage::flow {

namespace {

constexpr std::int64_t kLookNs = 1'000'000;

}  // namespace

Error cancelled() {
  return Error{ErrorKind::kFailed, "E0606", "the job was cancelled", "", std::nullopt};
}

Executor::Executor(const Clock& clock, std::unique_ptr<Mailbox> mailbox)
    : clock_(clock), mailbox_(std::move(mailbox)) {}

void Executor::add(Task& task) {
  tasks_.push_back(&task);
  states_.push_back(Task::State::kRunning);
}

Peer* Executor::peer(Executor& other) {
  if (&other == this)
    return nullptr;
  SAGE_ASSERT(mailbox_ && other.mailbox_);
  return &peers_.try_emplace(&other, *other.mailbox_, other.waker_).first->second;
}

void Executor::stop() {
  stop_.store(true);
  waker_.wake();
}

void Executor::cancel() {
  cancel_.store(true);
  waker_.wake();
}

void Executor::begin_epoch(Barrier barrier) {
  epoch_.store(barrier.epoch);
  waker_.wake();
}

bool Executor::has_orders() const {
  return cancel_.load() || (stop_.load() && !stopped_) || epoch_.load() != begun_epoch_;
}

void Executor::take_orders() {
  if (const std::uint64_t epoch = epoch_.load(); epoch != begun_epoch_) {
    begun_epoch_ = epoch;
    for (Task* task : tasks_)
      task->begin_epoch({epoch});
  }
  if (stop_.load() && !stopped_) {
    stopped_ = true;
    for (Task* task : tasks_)
      task->stop_source();
  }
}

void Executor::receive() {
  if (!mailbox_)
    return;
  while (auto mail = mailbox_->take())
    mail->inbox->push(mail->channel, std::move(mail->event));
}

void Executor::settle() {
  for (auto& [other, peer] : peers_)
    peer.settle();
}

// Receivers first: what is in flight leaves before more comes in.
Status Executor::round() {
  for (std::size_t i = tasks_.size(); i-- > 0;) {
    if (states_[i] == Task::State::kDone)
      continue;
    SAGE_TRY(states_[i], tasks_[i]->run(cancel_));
    settle();
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
  settle();
  return any;
}

Status Executor::run() {
  while (true) {
    if (cancel_.load())
      return cancelled();
    take_orders();
    const std::uint64_t before = activity();
    receive();
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
      look(now);  // a busy source must not starve one whose descriptor has become readable
    }
  }
}

// Whoever gives this executor something to do after the look around sees that it sleeps.
void Executor::sleep() {
  waker_.fall_asleep();
  bool stay = has_orders() || (mailbox_ && !mailbox_->empty());
  std::int64_t wake_at = INT64_MAX;
  for (std::size_t i = 0; i < tasks_.size(); ++i) {
    stay = tasks_[i]->wait_for_credit() || stay;
    if (states_[i] == Task::State::kIdle)
      wake_at = std::min(wake_at, tasks_[i]->wake_at_ns());
  }
  if (!stay)
    look(wake_at);
  waker_.rise();
}

// Waits for the descriptors of idle sources until `until_ns` (monotonic), or to be woken.
void Executor::look(std::int64_t until_ns) {
  std::vector<pollfd> fds{{waker_.fd(), POLLIN, 0}};
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
}

}  // namespace sage::flow
