#pragma once
// The executors of a job and their threads. One thread makes and runs them; orders may come from
// any.

#include "flow/executor.hpp"
#include "net/inproc.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace sage::runtime {

class Executors {
 public:
  // [control] An Error (E0613): the process is out of descriptors.
  static Result<std::unique_ptr<Executors>> make(std::uint32_t count, const Clock& clock);

  flow::Executor& at(std::uint32_t executor) { return *executors_[executor]; }

  // The first on the calling thread, each other on one of its own; returns when all of them have.
  // Where one fails, `interrupt` is called and the others are cancelled; its error is the answer.
  Status run(const std::function<void()>& interrupt);

  // [any] Ok: none has failed yet.
  Status failure();

  // [any] See flow::Executor.
  void stop();
  void cancel();
  void begin_epoch(flow::Barrier barrier);

 private:
  Executors() = default;
  void start(std::vector<std::jthread>& threads, const std::function<void()>& interrupt);
  void run_one(flow::Executor& executor, const std::function<void()>& interrupt);
  void fail(Error error, const std::function<void()>& interrupt);

  std::unique_ptr<net::Inproc> inproc_;  // outlives the mailboxes
  std::vector<std::unique_ptr<flow::Executor>> executors_;
  std::mutex mutex_;
  Status first_ = Ok{};  // the first failure; guarded by mutex_
};

}  // namespace sage::runtime
