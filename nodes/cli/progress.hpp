#pragma once
// The live line of a running job and the summary behind it, as text. Keeps the last moments to
// tell the rate of now. One thread.

#include "plan/plan.hpp"
#include "runtime/bottleneck.hpp"
#include "runtime/job.hpp"

#include <cstdint>
#include <deque>
#include <string>

namespace sage::cli {

class Progress {
 public:
  explicit Progress(const plan::Plan& plan) : plan_(plan) {}

  // "5.3M records, 2.8M/s, 43% of 1.2 GB, limited by words"
  std::string line(const runtime::Report& report);

 private:
  struct Moment {
    std::uint64_t records = 0;
    runtime::BusyTimes busy;
  };

  const plan::Plan& plan_;
  std::deque<Moment> past_;  // of about two seconds
};

// "executors: 2, and one for each of the 4 instances that may block" and what records may take up.
std::string resources_text(const runtime::Job& job);

// "done: 5,304,112 records in 1.9 s (2.8M/s), 1,203,332 rows to counts/", or "stopped: ...",
// "failed: ...", "cancelled: ...".
std::string summary(const plan::Plan& plan, const runtime::Report& report);

}  // namespace sage::cli
