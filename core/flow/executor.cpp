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

Executor::Executor(const Clock& clock, std::unique_ptr<Mailbox> mailbox,
                   std::unique_ptr<Waker> waker)
    : clock_(clock), mailbox_(std::move(mailbox)), waker_(std::move(waker)) {}

Result<std::unique_ptr<Executor>> Executor::make(const Clock& clock,
                                                 std::unique_ptr<Mailbox> mailbox) {
  SAGE_TRY(auto waker, Waker::make());
  return std::unique_ptr<Executor>(new Executor(clock, std::move(mailbox), std::move(waker)));
}

void Executor::add(Task& task) { tasks_.push_back(&task); }

Peer* Executor::peer(Executor& other) {
  if (&other == this)
    return nullptr;
  SAGE_ASSERT(mailbox_ && other.mailbox_);
  return &peers_.try_emplace(&other, *other.mailbox_, *other.waker_, owed_).first->second;
}

void Executor::stop() {
  stop_.store(true);
  order();
}

void Executor::cancel() {
  cancel_.store(true);
  order();
}

void Executor::begin_epoch(Barrier barrier) {
  {
    const std::lock_guard lock(mutex_);
    begun_.push_back(barrier);
  }
  order();
}

void Executor::order() {
  has_orders_.store(true);
  waker_->wake();
}

void Executor::take_orders() {
  if (!has_orders_.exchange(false))  // before the look at them: one that comes now comes again
    return;
  std::vector<Barrier> begun;
  {
    const std::lock_guard lock(mutex_);
    begun.swap(begun_);
  }
  for (const Barrier barrier : begun) {
    for (Task* task : tasks_)
      task->begin_epoch(barrier);
  }
  if (stop_.load()) {
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
  for (Peer* peer : owed_)
    peer->settle();
  owed_.clear();
}

// Receivers first: what is in flight leaves before more comes in.
Status Executor::round() {
  for (std::size_t i = tasks_.size(); i-- > 0;) {
    if (tasks_[i]->state() == Task::State::kDone)
      continue;
    SAGE_CHECK(tasks_[i]->run(has_orders_));
    settle();
    if (has_orders_.load())
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
    take_orders();
    if (cancel_.load())
      return cancelled();
    const std::uint64_t before = activity();
    receive();
    if (Status status = round(); !status)
      return cancel_.load() ? cancelled() : status;  // an interrupted call says something else
    const bool done = std::all_of(tasks_.begin(), tasks_.end(), [](const Task* task) {
      return task->state() == Task::State::kDone;
    });
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
  waker_->fall_asleep();
  bool stay = has_orders_.load() || (mailbox_ && !mailbox_->empty());
  std::int64_t wake_at = INT64_MAX;
  for (Task* task : tasks_) {
    stay = task->wait_for_credit() || stay;
    if (task->state() == Task::State::kIdle)
      wake_at = std::min(wake_at, task->wake_at_ns());
  }
  if (!stay)
    look(wake_at);
  waker_->rise();
}

// Waits for the descriptors of idle sources until `until_ns` (monotonic), or to be woken.
void Executor::look(std::int64_t until_ns) {
  std::vector<pollfd> fds{{waker_->fd(), POLLIN, 0}};
  std::vector<Task*> owners{nullptr};
  for (Task* task : tasks_) {
    if (task->state() != Task::State::kIdle || task->wake_fd() < 0)
      continue;
    fds.push_back({task->wake_fd(), POLLIN, 0});
    owners.push_back(task);
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
