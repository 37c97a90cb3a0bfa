#pragma once
// What became of one check of one operator, and how the process that ran it tells: a line "at ..."
// before each step, so that a crash can be put down to one, and the outcome as the last ones.
// Values. [any]

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sage::conformance {

enum class State { kPassed, kFailed, kSkipped };
std::string_view state_name(State state);  // "passed", ...

struct Outcome {
  State state = State::kPassed;
  std::string reason{};  // empty: passed
  std::string hint{};    // what to do; may be empty
};

Outcome passed();
Outcome failed(std::string reason, std::string hint = "");
Outcome skipped(std::string reason, std::string hint = "");
// Passed, or failed with its message.
Outcome outcome_of(const Status& status);

// Written to a descriptor, by the process that runs a check.
class Report {
 public:
  explicit Report(int fd) : fd_(fd) {}
  // What is done next: "a batch of 4096 records".
  void at(std::string_view step) const;
  bool end(const Outcome& outcome) const;

 private:
  bool write(std::string_view word, std::string_view text) const;
  int fd_;
};

// A report as it came, perhaps broken off.
struct Told {
  std::optional<Outcome> outcome;
  std::string step;  // the last one
};
Told read_report(std::string_view text);

}  // namespace sage::conformance
