#pragma once
// A child process that runs the code of a plugin, so that it may crash, hang or babble without harm
// to this one. [any]

#include "base/result.hpp"

#include <string>
#include <vector>

namespace sage::plugin {

// How it ended, with what it wrote to its standard output.
struct ChildEnd {
  enum class Kind { kEnded, kTimedOut, kTooMuch };
  Kind kind = Kind::kEnded;
  int status = 0;  // of wait(2); kEnded
  std::string output;
};

// Runs a program in a group of its own, with nothing but that output (neither input nor standard
// error), and ends all it started. Waits for so long at most. An Error (E0316): it did not start.
Result<ChildEnd> run_child(std::vector<std::string> command, int timeout_ms);

// "by SIGSEGV", or "with status 3".
std::string status_text(int status);

}  // namespace sage::plugin
