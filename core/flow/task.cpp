#include "flow/task.hpp"

#include <algorithm>

namespace sage::flow {

namespace {

// Between the polls of a source that does not say what it waits for.
constexpr std::int64_t kFirstDelayNs = 1'000'000;
constexpr std::int64_t kLastDelayNs = 50'000'000;

}  // namespace

Task::Task(std::unique_ptr<Chain> chain, const Clock& clock)
    : chain_(std::move(chain)),
      clock_(clock),
      idle_delay_ns_(kFirstDelayNs),
      left_at_ns_(clock.now_ns()) {}

Result<Task::State> Task::run(std::uint32_t steps) {
  if (state_ == State::kDone)
    return state_;
  const std::int64_t begin = clock_.now_ns();
  const auto away = static_cast<std::uint64_t>(begin - left_at_ns_);
  if (state_ == State::kBlocked) {
    blocked_.add(away);
  } else {
    idle_.add(away);
  }
  if (state_ == State::kIdle && begin < wake_at_ns_ && !stopping_ && !barrier_) {
    chain_->close_old_batches(begin);
    come_back_if_blocked();
    left_at_ns_ = begin;
    return state_;
  }
  SAGE_TRY(state_, work(steps));
  left_at_ns_ = clock_.now_ns();
  chain_->close_old_batches(left_at_ns_);
  come_back_if_blocked();
  busy_.add(static_cast<std::uint64_t>(left_at_ns_ - begin));
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
    state_ = State::kBlocked;
}

bool Task::backs_off() {
  if (chain_->retry_at_ns() == 0)
    return false;
  wake_at_ns_ = chain_->retry_at_ns();
  wake_fd_ = -1;
  return true;
}

Result<Task::State> Task::work(std::uint32_t steps) {
  if (stopping_ && is_source())
    chain_->end_source();
  for (std::uint32_t i = 0; i < steps; ++i) {
    if (!chain_->flush())
      return State::kBlocked;
    SAGE_TRY(const bool stepped, chain_->step());
    if (stepped) {
      ++steps_;
      continue;
    }
    if (backs_off())
      return State::kIdle;
    if (chain_->ended())
      return State::kDone;
    if (is_source() && barrier_) {
      SAGE_CHECK(send_barrier());
    } else if (is_source()) {
      SAGE_TRY(const State after, poll_source());
      if (after != State::kRunning)
        return after;
    } else if (!take_input()) {
      return State::kWaiting;
    } else {
      ++steps_;
    }
  }
  return State::kRunning;
}

Result<Task::State> Task::poll_source() {
  SAGE_CHECK(chain_->poll());
  if (!chain_->at(0).idle()) {
    ++steps_;
    idle_delay_ns_ = kFirstDelayNs;
    return State::kRunning;
  }
  const plugin::WaitRequest wait = chain_->at(0).instance().wait_request();
  wake_fd_ = wait.fd;
  wake_at_ns_ = clock_.now_ns() + (wait.delay_ns > 0 ? wait.delay_ns
                                   : wait.fd >= 0    ? INT64_MAX / 4
                                                     : idle_delay_ns_);
  idle_delay_ns_ = std::min(2 * idle_delay_ns_, kLastDelayNs);
  // What the poll emitted before it ran dry still has to travel through the chain.
  while (true) {
    if (!chain_->flush())
      return State::kBlocked;
    SAGE_TRY(const bool stepped, chain_->step());
    if (!stepped) {
      backs_off();
      return State::kIdle;
    }
    ++steps_;
  }
}

Status Task::send_barrier() {
  ++steps_;
  const Barrier barrier = *barrier_;
  barrier_.reset();
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
