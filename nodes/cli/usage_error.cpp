#include "usage_error.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace sage::cli {
namespace {

Error usage(std::string code, std::string message, std::string hint) {
  return {ErrorKind::kUsage, std::move(code), std::move(message), std::move(hint)};
}

std::string list_command(const WrongLine& line) {
  return "`" + line.command + " --help` lists what it takes";
}

// A command that is named with its noun left out, or the other way round, is not a slip of letters.
std::string suggest_command(const std::string& word, const WrongLine& line) {
  const std::string near = nearest(word, line.commands);
  return near.empty() ? "`" + line.command + " --help` lists the commands"
                      : "did you mean `" + line.command + " " + near + "`?";
}

std::string suggest_flag(const std::string& word, const WrongLine& line) {
  const std::string name = word.substr(0, word.find('='));
  const bool letter = name.size() < 4;  // every other one is as near
  const std::string near = letter ? "" : nearest(name, line.flags);
  return near.empty() ? list_command(line) : "did you mean `" + near + "`?";
}

}  // namespace

Error usage_error(const WrongLine& line) {
  const auto flag = std::find_if(line.leftover.begin(), line.leftover.end(),
                                 [](const std::string& s) { return s.size() > 1 && s[0] == '-'; });
  const auto word = std::find_if(line.leftover.begin(), line.leftover.end(),
                                 [](const std::string& s) { return s.empty() || s[0] != '-'; });
  if (line.wants_command && word != line.leftover.end()) {
    return usage("E0801", "there is no command `" + line.command + " " + *word + "`",
                 suggest_command(*word, line));
  }
  if (flag != line.leftover.end()) {
    return usage("E0802", "`" + line.command + "` has no flag `" + *flag + "`",
                 suggest_flag(*flag, line));
  }
  switch (line.kind) {
    case WrongLine::Kind::kMissing:
      return usage("E0803", "`" + line.command + "` needs " + line.message, list_command(line));
    case WrongLine::Kind::kNoValue:
      return usage("E0803", "`" + line.message + "` needs a value", list_command(line));
    case WrongLine::Kind::kBadValue:
      return usage("E0804", line.message, list_command(line));
    case WrongLine::Kind::kOther:
      break;
  }
  if (!line.leftover.empty()) {
    return usage("E0807", "`" + line.command + "` does not take `" + line.leftover.front() + "`",
                 list_command(line));
  }
  return usage("E0804", line.message, list_command(line));
}

}  // namespace sage::cli
