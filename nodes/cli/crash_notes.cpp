#include "crash_notes.hpp"

#include "exit_code.hpp"
#include "plugin/instance.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <string_view>
#include <unistd.h>

namespace sage::cli {
namespace {

constexpr std::string_view kCode = "E0614";
std::atomic<bool> active{false};
static_assert(std::atomic<bool>::is_always_lock_free);
std::array<struct sigaction, CrashNotes::kSignals.size()> before;

// Text without an allocation; what is too long is cut off.
class Line {
 public:
  Line& operator<<(std::string_view text) {
    const std::size_t n = std::min(text.size(), text_.size() - used_);
    std::copy_n(text.begin(), n, text_.begin() + used_);
    used_ += n;
    return *this;
  }
  Line& operator<<(std::uint32_t number) {
    std::array<char, 10> digits{};
    const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
    return *this << std::string_view(digits.begin(), end);
  }
  void write() const {
    const char* next = text_.data();
    std::size_t left = used_;
    while (left > 0) {
      const ssize_t n = ::write(STDERR_FILENO, next, left);
      if (n <= 0)
        return;
      next += n;
      left -= static_cast<std::size_t>(n);
    }
  }

 private:
  std::array<char, 1024> text_{};
  std::size_t used_ = 0;
};

std::string_view name_of(int signal) {
  switch (signal) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    case SIGILL:
      return "SIGILL";
    default:
      return "SIGABRT";
  }
}

void say(std::string_view what, std::string_view of_signal) {
  Line line;
  line << "\nerror[SAGE-" << kCode << "]: ";
  if (const plugin::Instance* instance = plugin::Instance::of_this_thread()) {
    const plugin::InstanceSpec& spec = instance->spec();
    line << "stage `" << spec.stage << "`, instance " << spec.subtask << " (" << spec.op.plugin->id
         << "/" << spec.op.info->id << "): its plugin " << what << " in `"
         << instance->under_way().name << "`" << of_signal << "\n";
  } else {
    line << "something outside of the operators " << what << of_signal << "\n";
  }
  line << "  = help: `sage explain " << kCode << "` tells what becomes of the results\n";
  line.write();
}

// What the signal does without this is done when it comes again: at the same instruction, out of
// abort(), or raised here where somebody sent it.
void on_crash(int signal, siginfo_t* info, void*) {
  for (std::size_t i = 0; i < before.size(); ++i)
    ::sigaction(CrashNotes::kSignals[i], &before[i], nullptr);
  std::array<char, 16> how{" ("};
  const std::string_view name = name_of(signal);
  *std::copy(name.begin(), name.end(), how.begin() + 2) = ')';
  say("crashed", {how.data(), name.size() + 3});
  if (info->si_code <= 0)
    ::raise(signal);
}

void on_exit() {
  if (!active.load())
    return;
  say("ended the process", "");
  ::_exit(kExitFailed);
}

}  // namespace

void CrashNotes::come_before_plugins() { static_cast<void>(std::atexit(on_exit)); }

CrashNotes::CrashNotes() {
  come_before_plugins();
  struct sigaction notes{};
  notes.sa_sigaction = on_crash;
  notes.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&notes.sa_mask);
  for (std::size_t i = 0; i < before.size(); ++i)
    ::sigaction(kSignals[i], &notes, &before[i]);
  active.store(true);
}

CrashNotes::~CrashNotes() {
  active.store(false);
  for (std::size_t i = 0; i < before.size(); ++i)
    ::sigaction(kSignals[i], &before[i], nullptr);
}

}  // namespace sage::cli
