#include "flow/task.hpp"

#include <algorithm>
#include <utility>

namespace sage::flow {

namespace {

// Between the polls of a source that does not say what it waits for.
constexpr std::int64_t kFirstDelayNs = 1'000'000;
constexpr std::int64_t kLastDelayNs = 50'000'000;
// No call is begun in a turn after this: others wait meanwhile, for their turn, for credit, for
// rows that are held back.
constexpr std::int64_t kTurnNs = 200'000;

}  // namespace

Task::Task(std::unique_ptr<Chain> chain, const Clock& clock)
    : chain_(std::move(chain)),
      clock_(clock),
      idle_delay_ns_(kFirstDelayNs),
      since_ns_(clock.now_ns()) {}

void Task::enter(State state, std::int64_t now_ns) {
  state_ = state;
  const std::uint32_t changes = changes_.load(std::memory_order_relaxed);
  changes_.store(changes + 1, std::memory_order_relaxed);
  // Released, so that whoever sees one of these sees the odd number, too.
  std::atomic<std::int64_t>& spent = spent_[spends_.load(std::memory_order_relaxed)];
  const std::int64_t since = since_ns_.load(std::memory_order_relaxed);
  spent.store(spent.load(std::memory_order_relaxed) + now_ns - since, std::memory_order_release);
  since_ns_.store(now_ns, std::memory_order_release);
  spends_.store(state == State::kBlocked     ? kBlockedTime
                : state == State::kDone      ? kNoTime
                : chain_->retry_at_ns() != 0 ? kBusyTime  // waits for nobody else
                                             : kIdleTime,
                std::memory_order_release);
  changes_.store(changes + 2, std::memory_order_release);
}

// Reads again where the task's thread was writing meanwhile (a sequence lock).
Task::Times Task::times() const {
  std::array<std::int64_t, kNoTime + 1> all{};
  std::uint32_t before = 0;
  std::uint32_t after = 0;
  do {
    before = changes_.load(std::memory_order_acquire);
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = spent_[i].load(std::memory_order_acquire);
    const std::int64_t open = clock_.now_ns() - since_ns_.load(std::memory_order_acquire);
    all[spends_.load(std::memory_order_acquire)] += std::max<std::int64_t>(open, 0);
    after = changes_.load(std::memory_order_relaxed);
  } while (before != after || before % 2 == 1);
  return {all[kIdleTime], all[kBusyTime], all[kBlockedTime]};
}

Result<Task::State> Task::run(const std::atomic<bool>& leave) {
  if (state_ == State::kDone)
    return state_;
  const std::int64_t begin = clock_.now_ns();
  enter(state_, begin);
  if (state_ == State::kIdle && begin < wake_at_ns_ && !stopping_ && barriers_.empty()) {
    chain_->close_old_batches(begin);
    come_back_if_blocked();
    return state_;
  }
  spends_.store(kBusyTime, std::memory_order_relaxed);
  Result<State> after = work(leave, begin + kTurnNs);
  const std::int64_t end = clock_.now_ns();
  enter(after ? *after : State::kDone, end);
  SAGE_CHECK(std::move(after));
  chain_->close_old_batches(end);
  come_back_if_blocked();
  return state_;
}

bool Task::close_batches() {
  const bool any = chain_->close_batches();
  come_back_if_blocked();
  return any;
}

// An idle task is not run before its source wakes; what there was no credit for cannot wait so
// long.
void Task::come_back_if_blocked() {
  const bool rests = state_ == State::kIdle || state_ == State::kWaiting;
  if (rests && !chain_->flush())
    enter(State::kBlocked, clock_.now_ns());
}

bool Task::backs_off() {
  if (chain_->retry_at_ns() == 0)
    return false;
  wake_at_ns_ = chain_->retry_at_ns();
  wake_fd_ = -1;
  return true;
}

Result<Task::State> Task::work(const std::atomic<bool>& leave, std::int64_t until_ns) {
  if (stopping_ && is_source())
    chain_->end_source();
  do {
    if (!chain_->flush())
      return State::kBlocked;
    SAGE_TRY(const bool stepped, chain_->step());
    if (!stepped) {
      SAGE_TRY(const State after, go_on());
      if (after != State::kRunning)
        return after;
    }
    ++steps_;
  } while (!leave.load(std::memory_order_relaxed) && clock_.now_ns() < until_ns);
  return State::kRunning;
}

Result<Task::State> Task::go_on() {
  if (backs_off())
    return State::kIdle;
  if (chain_->ended())
    return State::kDone;
  if (!is_source())
    return take_input() ? State::kRunning : State::kWaiting;
  if (!barriers_.empty()) {
    SAGE_CHECK(send_barrier());
  } else if (std::exchange(dry_, false) && !stopping_) {
    return State::kIdle;
  } else {
    SAGE_CHECK(poll_source());
  }
  return State::kRunning;
}

// A descriptor that is ready again and again while the source makes nothing of it, because it is
// closed or a plain file, is not watched at once again.
Status Task::poll_source() {
  const Operator& source = chain_->at(0);
  const std::uint64_t read = source.counters().records_in.get();
  const bool woken = std::exchange(woken_, false);
  SAGE_CHECK(chain_->poll());
  dry_ = source.idle();
  if (!dry_) {
    idle_delay_ns_ = kFirstDelayNs;
    return Ok{};
  }
  plugin::WaitRequest wait = source.instance().wait_request();
  if (woken && source.counters().records_in.get() == read)
    wait = {};
  wake_fd_ = wait.fd;
  wake_at_ns_ = later(clock_.now_ns(), wait.delay_ns > 0 ? wait.delay_ns
                                       : wait.fd >= 0    ? INT64_MAX
                                                         : idle_delay_ns_);
  idle_delay_ns_ = std::min(2 * idle_delay_ns_, kLastDelayNs);
  return Ok{};
}

Status Task::send_barrier() {
  const Barrier barrier = barriers_.front();
  barriers_.pop_front();
  return chain_->send_barrier(barrier);
}

bool Task::take_input() {
  if (!alignment_)
    alignment_.emplace(inbox_.channels());
  auto next = inbox_.next(*alignment_);
  if (!next)
    return false;
  if (auto* batch = std::get_if<BatchRef>(&next->event)) {
    merge(next->input, alignment_->on_batch(next->channel));
    chain_->offer(next->input, std::move(*batch));
  } else if (const auto* mark = std::get_if<Watermark>(&next->event)) {
    merge(next->input, alignment_->on_watermark(next->channel, *mark));
  } else if (const auto* barrier = std::get_if<Barrier>(&next->event)) {
    merge(next->input, alignment_->on_barrier(next->channel, *barrier));
  } else {
    merge(next->input, alignment_->on_end(next->channel));
  }
  return true;
}

void Task::merge(std::uint32_t input, const Alignment::Merged& merged) {
  if (merged.mark)
    chain_->offer(input, *merged.mark);
  if (merged.barrier)
    chain_->offer(input, *merged.barrier);
  if (merged.end)
    chain_->offer(0, End{});
}

}  // namespace sage::flow
