#include "signals.hpp"

#include <atomic>
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace sage::cli {
namespace {

std::atomic<bool> broken_pipe{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void on_broken_pipe(int) { broken_pipe.store(true); }

bool is_ignored(int signal) {
  struct sigaction now{};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

}  // namespace

Signals::Signals() {
  sigemptyset(&waited_);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    if (!is_ignored(signal))  // nohup, or in the background of a script
      sigaddset(&waited_, signal);
  }
  fd_ = ::signalfd(-1, &waited_, SFD_NONBLOCK | SFD_CLOEXEC);
  ::pthread_sigmask(SIG_BLOCK, fd_ < 0 ? nullptr : &waited_, &before_);
  broken_pipe.store(false);
  struct sigaction on_pipe{};
  on_pipe.sa_handler = on_broken_pipe;
  sigemptyset(&on_pipe.sa_mask);
  on_pipe.sa_flags = SA_RESTART;
  ::sigaction(SIGPIPE, &on_pipe, &pipe_before_);
}

Signals::~Signals() {
  while (next() != 0) {  // came when all was done: it must not end the process any more
  }
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  ::pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  ::close(fd_);
}

int Signals::next() const {
  signalfd_siginfo info{};
  return ::read(fd_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

void Signals::let_through() const { ::pthread_sigmask(SIG_UNBLOCK, &waited_, nullptr); }

bool Signals::pipe_broke() { return broken_pipe.load(); }

}  // namespace sage::cli
