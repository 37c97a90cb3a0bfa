#include "conformance/outcome.hpp"

#include <algorithm>
#include <unistd.h>

namespace sage::conformance {
namespace {

constexpr std::size_t kLineMax = 2000;
constexpr State kStates[] = {State::kPassed, State::kFailed, State::kSkipped};

// One line of text, whatever a plugin has put into a message.
std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kLineMax));
  std::replace_if(line.begin(), line.end(), [](char c) { return c == '\n' || c == '\0'; }, ' ');
  return line;
}

}  // namespace

std::string_view state_name(State state) {
  return state == State::kPassed ? "passed" : state == State::kFailed ? "failed" : "skipped";
}

Outcome passed() { return {}; }

Outcome failed(std::string reason, std::string hint) {
  return {State::kFailed, std::move(reason), std::move(hint)};
}

Outcome skipped(std::string reason, std::string hint) {
  return {State::kSkipped, std::move(reason), std::move(hint)};
}

Outcome outcome_of(const Status& status) {
  return status ? passed() : failed(status.error().message, status.error().hint);
}

bool Report::write(std::string_view word, std::string_view text) const {
  const std::string line = std::string(word) + " " + one_line(text) + "\n";
  return ::write(fd_, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

void Report::at(std::string_view step) const { write("at", step); }

bool Report::end(const Outcome& outcome) const {
  return write("hint", outcome.hint) && write(state_name(outcome.state), outcome.reason);
}

Told read_report(std::string_view text) {
  Told told;
  std::string hint;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    if (line.size() == text.size())
      break;  // not whole
    text.remove_prefix(line.size() + 1);
    const std::string_view word = line.substr(0, line.find(' '));
    const std::string rest(line.substr(std::min(word.size() + 1, line.size())));
    if (word == "at")
      told.step = rest;
    else if (word == "hint")
      hint = rest;
    for (const State state : kStates) {
      if (word == state_name(state))
        told.outcome = Outcome{state, rest, hint};
    }
  }
  return told;
}

}  // namespace sage::conformance
