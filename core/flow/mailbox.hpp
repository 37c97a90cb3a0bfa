#pragma once
// How executors reach each other: a mailbox that carries events to the inboxes of an executor's
// tasks, and a waker for when it sleeps. The room `net` has the mailbox; credits bound what is in
// it. Tags: [owner] is the executor's own thread.

#include "base/result.hpp"
#include "flow/event.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace sage::flow {

class Inbox;

struct Mail {
  Inbox* inbox = nullptr;  // of a task of the owner
  std::uint32_t channel = 0;
  Event event;
};

class Mailbox {
 public:
  virtual ~Mailbox() = default;
  // [any] In order for each caller; never waits for room.
  virtual void put(Mail mail) = 0;
  // [owner] Nothing: it is empty.
  virtual std::optional<Mail> take() = 0;
  // [owner] What put() has done before it returned is seen here, in one order for all threads.
  virtual bool empty() const = 0;
};

// Wakes its owner from a sleep in poll(2), and costs next to nothing while the owner is awake.
class Waker {
 public:
  // An Error (E0613): the process is out of descriptors.
  static Result<std::unique_ptr<Waker>> make();
  ~Waker();
  Waker(const Waker&) = delete;
  Waker& operator=(const Waker&) = delete;

  // [any] After what the owner is to see has been written with sequential consistency.
  void wake();
  // [owner] From here on wake() makes fd() readable. Look once more for things to do, then sleep.
  void fall_asleep() { asleep_.store(true, std::memory_order_seq_cst); }
  // [owner]
  void rise();
  int fd() const { return fd_; }

 private:
  explicit Waker(int fd) : fd_(fd) {}
  std::atomic<bool> asleep_{false};
  int fd_;  // an eventfd
};

// Another executor, as one executor sees it. Used by the thread of the latter.
class Peer {
 public:
  // Adds itself to `owed` when it has to be woken.
  Peer(Mailbox& mailbox, Waker& waker, std::vector<Peer*>& owed)
      : mailbox_(mailbox), waker_(waker), owed_(owed) {}

  void post(Mail mail) {
    mailbox_.put(std::move(mail));
    nudge();
  }
  // There is something to do for it: mail, or credit again.
  void nudge() {
    if (!std::exchange(owes_wake_, true))
      owed_.push_back(this);
  }
  // One wake for all that has come since the last time: waking costs more than a batch.
  void settle() {
    owes_wake_ = false;
    waker_.wake();
  }

 private:
  Mailbox& mailbox_;
  Waker& waker_;
  std::vector<Peer*>& owed_;
  bool owes_wake_ = false;
};

}  // namespace sage::flow
