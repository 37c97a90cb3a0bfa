#pragma once
// What to say about a command line that cannot be understood. Only cli.cpp uses it. Pure.

#include "base/result.hpp"

#include <string>
#include <vector>

namespace sage::cli {

// What the parser found, in words of the command line.
struct WrongLine {
  enum class Kind { kMissing, kNoValue, kBadValue, kOther };
  Kind kind = Kind::kOther;
  std::string message;                // of the parser
  std::string command;                // "sage run", as far as it was understood
  bool wants_command = false;         // a command must follow it
  std::vector<std::string> leftover;  // arguments that nothing took
  std::vector<std::string> commands;  // that may follow
  std::vector<std::string> flags;     // that are known here
};

Error usage_error(const WrongLine& line);

}  // namespace sage::cli
