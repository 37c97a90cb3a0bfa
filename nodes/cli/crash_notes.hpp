#pragma once
// While it lives, a process that ends says which operator ended it: by a crash, which then takes
// its usual course, or by exit(), which becomes a failure. Made by the main thread, one at a time;
// the handlers use nothing but async-signal-safe calls.

#include <array>
#include <csignal>

namespace sage::cli {

class CrashNotes {
 public:
  CrashNotes();
  ~CrashNotes();
  CrashNotes(const CrashNotes&) = delete;
  CrashNotes& operator=(const CrashNotes&) = delete;

  static constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
};

}  // namespace sage::cli
