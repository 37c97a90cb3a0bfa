#pragma once
// Runs many cooperative tasks on the calling thread until all are done, one fails, or it is told to
// stop. Sleeps in poll(2) while every task waits for a source. Borrows the tasks.

#include "flow/task.hpp"

#include <atomic>
#include <cstdint>
#include <vector>

namespace sage::flow {

Error cancelled();  // E0606

class Executor {
 public:
  // Tasks in topological order.
  Executor(std::vector<Task*> tasks, const RowLimit& limit, const Clock& clock);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Ok: every task is done. An Error: the job failed, or was cancelled (E0606).
  Status run();

  // [any] Sources end, everything in flight is finished.
  void stop();
  // [any] run() returns as soon as the current call does.
  void cancel();

 private:
  Status round();  // one turn for every task
  std::uint64_t activity() const;
  bool close_batches();
  void stop_sources();
  // Waits for the descriptors of idle sources until `until_ns` (monotonic).
  void wait(std::int64_t until_ns);
  void sleep();

  std::vector<Task*> tasks_;
  const RowLimit& limit_;
  const Clock& clock_;
  std::vector<Task::State> states_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cancel_{false};
  bool stopped_ = false;
  std::int64_t looked_at_ns_ = 0;  // at the descriptors of idle sources
  int wake_fd_ = -1;               // an eventfd
};

}  // namespace sage::flow
