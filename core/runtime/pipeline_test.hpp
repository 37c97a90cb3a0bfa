#pragma once
// Runs the [[test]]s of a pipeline file: a linear path of stages in one chain, fed with the rows
// given; sources and sinks are not opened. [control]

#include "base/clock.hpp"
#include "plan/plan.hpp"
#include "plugin/instance.hpp"
#include "plugin/registry.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sage::runtime {

struct TestOptions {
  std::uint32_t batch_records = 4096;
  plugin::LogSink log;
  std::uint32_t log_level = 3;  // SAGE_LOG_*
  const Clock* clock = &system_clock();
};

// Rows are JSON texts. A test that could not run, or whose stages failed, has an error.
struct TestOutcome {
  std::string name;
  Place place;
  bool passed = false;
  std::optional<Error> error;  // E0225, E0226, E0611
  std::vector<std::string> given;
  std::vector<std::string> want;
  std::vector<std::string> got;
  std::vector<std::string> missing;     // wanted, did not come
  std::vector<std::string> unexpected;  // came, not wanted
};

TestOutcome run_test(const plan::Plan& plan, plugin::Registry& registry, const spec::Test& test,
                     const TestOptions& options);

// What is wrong with the tests themselves: their path (E0226) and rows (E0225).
Diagnostics check_tests(const plan::Plan& plan, const std::vector<spec::Test>& tests);

}  // namespace sage::runtime
