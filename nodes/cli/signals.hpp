#pragma once
// Ctrl-C and its relatives as events of a descriptor, while a job runs. Made by the main thread
// before any other thread starts, so that no other thread receives them; puts everything back when
// it goes.

#include <csignal>

namespace sage::cli {

class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  // Negative: the process is out of descriptors, and signals do what they always do.
  int fd() const { return fd_; }
  // The next signal that has arrived, 0: none.
  int next() const;
  // From now on the signal ends the process, as if nobody waited for it.
  void let_through() const;
  // The reader of a pipe that this process writes to has gone.
  static bool pipe_broke();

 private:
  sigset_t waited_{};
  sigset_t before_{};
  struct sigaction pipe_before_{};
  int fd_ = -1;
};

}  // namespace sage::cli
