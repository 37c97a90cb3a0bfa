#include "plugin/child.hpp"

#include "plugin/codes.hpp"

#include <array>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace sage::plugin {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kOutputMax = 8u << 20;
constexpr int kPollSliceMs = 20;

// What posix_spawn wants, freed at the end.
struct SpawnPlan {
  SpawnPlan() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};
};

// The child leads a group of its own, with no descriptor but /dev/null and the pipe, and with
// signals as a fresh process has them.
int spawn(std::vector<std::string>& command, int out, pid_t* pid) {
  SpawnPlan plan;
  posix_spawn_file_actions_addopen(&plan.files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&plan.files, out, 1);
  posix_spawn_file_actions_addopen(&plan.files, 2, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&plan.files, 3);
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&plan.attributes, &none);
  posix_spawnattr_setsigdefault(&plan.attributes, &all);
  posix_spawnattr_setpgroup(&plan.attributes, 0);
  posix_spawnattr_setflags(&plan.attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::vector<char*> argv;
  for (std::string& word : command)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  return posix_spawn(pid, argv[0], &plan.files, &plan.attributes, argv.data(), environ);
}

class Child {
 public:
  Child(pid_t pid, int out, Clock::time_point deadline)
      : pid_(pid), out_(out), deadline_(deadline) {}
  // Whatever it started ends with it.
  ~Child() {
    ::kill(-pid_, SIGKILL);
    if (!reaped_) {
      ::waitpid(pid_, &status_, 0);
    }
    ::close(out_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Reads until the child closed its output or ended. False: the deadline passed, or too much came.
  bool read_output(std::string& text);
  // The wait status; nothing: it did not end in time.
  std::optional<int> wait_end();

 private:
  bool has_ended() const {
    siginfo_t info{};
    return ::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
           info.si_pid == pid_;
  }

  pid_t pid_;
  int out_;
  Clock::time_point deadline_;
  int status_ = 0;
  bool reaped_ = false;
};

bool Child::read_output(std::string& text) {
  std::array<char, 16384> buffer{};
  bool ended = false;
  while (Clock::now() < deadline_ && text.size() <= kOutputMax) {
    pollfd wait{out_, POLLIN, 0};
    const int ready = ::poll(&wait, 1, ended ? 0 : kPollSliceMs);
    if (ready <= 0) {
      if (ended) {
        return true;  // something that it started may hold the pipe open: never mind
      }
      ended = has_ended();
      continue;
    }
    const ssize_t n = ::read(out_, buffer.data(), buffer.size());
    if (n == 0) {
      return true;
    }
    if (n < 0 && errno != EINTR && errno != EAGAIN) {
      return true;
    }
    text.append(buffer.data(), n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return false;
}

std::optional<int> Child::wait_end() {
  while (!has_ended()) {
    if (Clock::now() >= deadline_) {
      return std::nullopt;
    }
    std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
  ::kill(-pid_, SIGKILL);  // before its number may be given to another
  reaped_ = ::waitpid(pid_, &status_, 0) == pid_;
  return status_;
}

}  // namespace

Result<ChildEnd> run_child(std::vector<std::string> command, int timeout_ms) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    return refuse(kNoScanner, std::string("no pipe to a child: ") + std::strerror(errno),
                  ErrorKind::kIo);
  }
  pid_t pid = -1;
  const int failure = spawn(command, ends[1], &pid);
  ::close(ends[1]);
  if (failure != 0) {
    ::close(ends[0]);
    return refuse(kNoScanner, command[0] + ": " + std::strerror(failure), ErrorKind::kInternal);
  }
  Child child(pid, ends[0], Clock::now() + std::chrono::milliseconds(timeout_ms));
  ChildEnd end;
  if (!child.read_output(end.output)) {
    end.kind =
        end.output.size() > kOutputMax ? ChildEnd::Kind::kTooMuch : ChildEnd::Kind::kTimedOut;
    return end;
  }
  const std::optional<int> status = child.wait_end();
  end.kind = status ? ChildEnd::Kind::kEnded : ChildEnd::Kind::kTimedOut;
  end.status = status.value_or(0);
  return end;
}

std::string status_text(int status) {
  if (!WIFSIGNALED(status))
    return "with status " + std::to_string(WEXITSTATUS(status));
  const char* name = sigabbrev_np(WTERMSIG(status));
  return "by SIG" + std::string(name == nullptr ? "?" : name);
}

}  // namespace sage::plugin
