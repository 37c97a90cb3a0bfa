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

  // exit() ends what was begun last first: from here on that is the process, before the objects of
  // the plugins that have been loaded, which threads still use.
  static void come_before_plugins();

  static constexpr std::array kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
};

}  // namespace sage::cli
