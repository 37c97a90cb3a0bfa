#pragma once
// Runs a planned job in this process: the job on its own thread, signals, the time limit and the
// live line on this one. `sage run` and `sage demo` share it.

#include "app.hpp"
#include "runtime/job.hpp"

#include <cstdint>
#include <optional>

namespace sage::cli {

struct RunRequest {
  const Loaded& loaded;         // with a plan
  runtime::JobOptions options;  // cpus, log and log_level are set by run_job
  std::optional<std::int64_t> for_ns;
  std::optional<std::uint32_t> cpus;  // all that the process may use
};

struct RunOutcome {
  runtime::Report report;
  int code = 0;
  bool quiet = false;  // nobody reads what would be said: the pipe at standard output is gone
  bool hangs = false;  // threads of the job still use what the request borrows
};

// Says errors and the summary on standard error.
RunOutcome run_job(App& app, RunRequest request);
// The end of a command that ran a job. Returns its exit code, or ends the process with it where the
// job hangs.
int finish_run(App& app, const RunOutcome& outcome, int code);

}  // namespace sage::cli
