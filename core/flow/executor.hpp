#pragma once
// Runs many cooperative tasks on the calling thread until all are done, one fails, or it is told to
// stop. Sleeps in poll(2) while every task waits for a source. Borrows the tasks.

#include "flow/task.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <vector>

namespace sage::flow {

class Executor {
 public:
  // Tasks in topological order. `warn` is told about a task that held the thread for over a second.
  Executor(std::vector<Task*> tasks, const RowLimit& limit, const Clock& clock,
           std::function<void(const Task&, double seconds)> warn);
  ~Executor();
  Executor(const Executor&) = delete;
  Executor& operator=(const Executor&) = delete;

  // Ok: every task is done. An Error: the job failed, or was cancelled (E0606).
  Status run();

  // [any], safe in a signal handler. Sources end, everything in flight is finished.
  void stop();
  // [any], safe in a signal handler. run() returns as soon as the current calls do.
  void cancel();

 private:
  Status round();  // one turn for every task
  std::uint64_t activity() const;
  void stop_sources();
  void sleep();

  std::vector<Task*> tasks_;
  const RowLimit& limit_;
  const Clock& clock_;
  std::function<void(const Task&, double)> warn_;
  std::vector<Task::State> states_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> cancel_{false};
  bool stopped_ = false;
  int wake_fd_ = -1;  // an eventfd
};

}  // namespace sage::flow
