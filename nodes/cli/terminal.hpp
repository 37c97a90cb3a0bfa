#pragma once
// Standard error: messages to the person, and one live line that is rewritten in place on a
// terminal and never elsewhere. [any]

#include <mutex>
#include <string>
#include <string_view>

namespace sage::cli {

enum class Colors { kAuto, kAlways, kNever };

// NO_COLOR, CLICOLOR_FORCE and TERM=dumb count for kAuto.
bool wants_color(Colors colors, int fd);

class Terminal {
 public:
  // Whole lines, each ending with "\n"; the live line is cleared before them.
  void say(std::string_view lines);
  // Replaces the live line. Ignored where there is none.
  void live(const std::string& line);
  void end_live();
  // A terminal that can rewrite a line.
  static bool can_live();

 private:
  void clear();

  std::mutex mutex_;
  bool shown_ = false;  // guarded by mutex_
};

}  // namespace sage::cli
