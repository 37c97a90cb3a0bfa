#pragma once
// Runs many cooperative tasks on one thread until all are done, one fails, or it is told to stop.
// Several executors share the tasks of a job and reach each other through mailboxes. Sleeps in
// ppoll(2) while no task can move. Borrows the tasks.

#include "flow/task.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace sage::flow {

Error cancelled();  // E0606

class Executor {
 public:
  // Without a mailbox there are no peers. An Error (E0613): the process is out of descriptors.
  static Result<std::unique_ptr<Executor>> make(const Clock& clock,
                                                std::unique_ptr<Mailbox> mailbox);
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Before run(). Tasks in topological order.
  void add(Task& task);
  // `other` as this one sees it; nullptr: it is this one. Both need mailboxes.
  Peer* peer(Executor& other);

  // [owner] Ok: every task is done. An Error: the job failed, or was cancelled (E0606).
  Status run();

  // [any] Sources end, everything in flight is finished.
  void stop();
  // [any] run() returns as soon as the current call does.
  void cancel();
  // [any] Sources send a barrier, each of them every one; epochs grow.
  void begin_epoch(Barrier barrier);

 private:
  Executor(const Clock& clock, std::unique_ptr<Mailbox> mailbox, std::unique_ptr<Waker> waker);
  void receive();
  Status round();  // one turn for every task
  std::uint64_t activity() const;
  bool close_batches();
  void order();
  void take_orders();
  void settle();
  void look(std::int64_t until_ns);
  void sleep();

  const Clock& clock_;
  std::unique_ptr<Mailbox> mailbox_;
  std::unique_ptr<Waker> waker_;
  std::vector<Task*> tasks_;
  std::map<Executor*, Peer> peers_;
  std::vector<Peer*> owed_;  // a wake
  std::atomic<bool> has_orders_{false};
  std::atomic<bool> stop_{false};
  std::atomic<bool> cancel_{false};
  std::mutex mutex_;
  std::vector<Barrier> begun_;     // not known to the tasks yet; guarded by mutex_
  std::int64_t looked_at_ns_ = 0;  // at the descriptors of idle sources
};

}  // namespace sage::flow
