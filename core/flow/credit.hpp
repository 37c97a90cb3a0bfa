#pragma once
// How much a channel may hold: the one bound on what is between two tasks. A watermark counts as a
// batch without bytes. The sender spends, the receiver gives back what it has taken off its queue.
// Totals only grow, so that whoever carries them (this object between threads, a message between
// processes) may lose or repeat some. One sender and one receiver thread.

#include <atomic>
#include <cstdint>

namespace sage::flow {

class Credit {
 public:
  struct Window {
    std::uint32_t batches = 16;
    std::uint64_t bytes = 4u << 20;  // pinned: 16 full batches of the default size
  };
  Credit() = default;

  // Before anything is sent.
  void set_window(Window window) { window_ = window; }
  const Window& window() const { return window_; }

  // [sender] A batch of any size is admitted when nothing is outstanding.
  bool admits(std::uint64_t pinned_bytes) const;
  void spend(std::uint64_t pinned_bytes);
  // Asks to be told: from here on publish() answers true once. To be followed by another look at
  // admits(), as the credit may have come in between.
  void wait() { waiting_.store(true, std::memory_order_seq_cst); }

  // [receiver] What left its queue; the sender knows it with the next publish().
  void give_back(std::uint64_t pinned_bytes);
  // Enough has gathered to be worth telling.
  bool worth_telling() const;
  // True: the sender waits for it.
  bool publish();

 private:
  // Totals over the life of the channel.
  struct Totals {
    std::uint64_t batches = 0;
    std::uint64_t bytes = 0;
  };

  Window window_;
  // Of the sender.
  Totals spent_;
  // Of the receiver.
  Totals taken_;
  Totals told_;
  // Written by the receiver, read by the sender; bytes are at least as new as batches.
  std::atomic<std::uint64_t> back_batches_{0};
  std::atomic<std::uint64_t> back_bytes_{0};
  std::atomic<bool> waiting_{false};
};

}  // namespace sage::flow
