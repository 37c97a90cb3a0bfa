#pragma once
// A task: one chain with its inbox, run cooperatively by an executor in small portions. Owned by
// the worker, used by its executor's thread; the time shares may be read by any thread.

#include "flow/alignment.hpp"
#include "flow/chain.hpp"
#include "flow/inbox.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace sage::flow {

class Task {
 public:
  enum class State {
    kRunning,  // has more to do at once
    kWaiting,  // for input
    kIdle,     // until wake_at_ns(): its source has nothing now, or a call is to be repeated
    kBlocked,  // for room at a receiver
    kDone,
  };

  Task(std::unique_ptr<Chain> chain, const Clock& clock);

  Inbox& inbox() { return inbox_; }
  const Inbox& inbox() const { return inbox_; }
  Chain& chain() { return *chain_; }
  const Chain& chain() const { return *chain_; }

  // A turn: operator calls for a fraction of a millisecond, one at least. Ends early when `leave`
  // is set. An Error fails the job.
  Result<State> run(const std::atomic<bool>& leave);
  // Sends the batches that it still fills up; false: there were none.
  bool close_batches();
  // Orders to the source, followed with its next turn: to end; to send a barrier.
  void stop_source() { stopping_ = true; }
  void begin_epoch(Barrier barrier) {
    if (is_source())
      barriers_.push_back(barrier);
  }
  // Before its executor sleeps: it is woken when there is credit for what waits. True: there is.
  bool wait_for_credit() { return chain_->wait_for_credit(); }

  // State::kIdle: when, at the latest, it is to be run again (monotonic ns), and a descriptor to
  // watch (-1: none).
  std::int64_t wake_at_ns() const { return wake_at_ns_; }
  int wake_fd() const { return wake_fd_; }
  void wake() {
    wake_at_ns_ = 0;
    woken_ = true;
  }

  State state() const { return state_; }
  // Grows with everything that the task does or is given.
  std::uint64_t activity() const { return steps_ + inbox_.pushes(); }

  // [any] How its time has been spent until now.
  struct Times {
    std::int64_t idle_ns = 0;
    std::int64_t busy_ns = 0;
    std::int64_t blocked_ns = 0;
  };
  Times times() const;

 private:
  Result<State> work(const std::atomic<bool>& leave, std::int64_t until_ns);
  // What to do when the chain has nothing to do; kRunning: there is again.
  Result<State> go_on();
  Status poll_source();
  void enter(State state, std::int64_t now_ns);
  // A call is to be repeated before anything else is done: waits for its time.
  bool backs_off();
  void come_back_if_blocked();
  Status send_barrier();
  bool take_input();
  void merge(std::uint32_t input, const Alignment::Merged& merged);
  bool is_source() const { return chain_->at(0).role() == Role::kSource; }

  std::unique_ptr<Chain> chain_;
  const Clock& clock_;
  Inbox inbox_;
  std::optional<Alignment> alignment_;  // made at the first run, when all channels are known
  bool stopping_ = false;
  std::deque<Barrier> barriers_;  // to be sent, in order
  std::uint64_t steps_ = 0;
  State state_ = State::kRunning;
  bool dry_ = false;  // the source has nothing: idle as soon as the chain has handed all on
  std::int64_t wake_at_ns_ = 0;
  int wake_fd_ = -1;
  bool woken_ = false;  // by the descriptor, since the last poll
  std::int64_t idle_delay_ns_;

  // Time by what it was spent on, and since when on what. Written by the executor's thread.
  enum Spent : std::uint32_t { kIdleTime, kBusyTime, kBlockedTime, kNoTime };
  std::array<std::atomic<std::int64_t>, kNoTime + 1> spent_{};
  std::atomic<std::uint32_t> spends_{kIdleTime};
  std::atomic<std::uint32_t> changes_{0};  // odd while the three change together
  std::atomic<std::int64_t> since_ns_;
};

}  // namespace sage::flow
