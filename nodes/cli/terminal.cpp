#include "terminal.hpp"

#include <cstdio>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace sage::cli {
namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

bool dumb_terminal() {
  const char* term = std::getenv("TERM");
  return term == nullptr || *term == '\0' || std::string_view(term) == "dumb";
}

void write_all(std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(STDERR_FILENO, text.data(), text.size());
    if (n <= 0)
      return;  // nobody to tell
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::size_t terminal_width() {
  winsize size{};
  const bool known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

bool wants_color(Colors colors, int fd) {
  if (colors != Colors::kAuto)
    return colors == Colors::kAlways;
  if (is_set("NO_COLOR"))
    return false;
  const char* force = std::getenv("CLICOLOR_FORCE");
  if (force != nullptr && *force != '\0' && std::string_view(force) != "0")
    return true;
  return ::isatty(fd) == 1 && !dumb_terminal();
}

bool Terminal::can_live() { return ::isatty(STDERR_FILENO) == 1 && !dumb_terminal(); }

void Terminal::clear() {
  if (shown_)
    write_all("\r\x1b[K");
  shown_ = false;
}

void Terminal::say(std::string_view lines) {
  const std::lock_guard lock(mutex_);
  clear();
  write_all(lines);
}

void Terminal::live(const std::string& line) {
  const std::lock_guard lock(mutex_);
  write_all("\r" + line.substr(0, terminal_width() - 1) + "\x1b[K");
  shown_ = true;
}

void Terminal::end_live() {
  const std::lock_guard lock(mutex_);
  clear();
}

}  // namespace sage::cli
