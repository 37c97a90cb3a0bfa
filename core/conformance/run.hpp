#pragma once
// Puts a plugin to all checks, each in a process of its own (sage-plugin-test), so that none of its
// code runs in this one. [control]

#include "conformance/outcome.hpp"
#include "schema/catalogue.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace sage::conformance {

struct RunConfig {
  std::string tester;   // path of sage-plugin-test
  std::string library;  // the plugin's private copy
  std::vector<std::string> with;
  int timeout_ms = 10'000;  // of each check
};

struct Finding {
  std::string op;  // empty: the plugin itself
  std::string_view check;
  Outcome outcome;
};

// What is wrong with `with`; Ok: it names options that there are.
Status check_with(const schema::PluginInfo& plugin, const std::vector<std::string>& with);

// Calls `found` for each check as it ends, in the order of operators and checks. An Error: the
// helper is missing.
Status run_checks(const schema::PluginInfo& plugin, const RunConfig& config,
                  const std::function<void(const Finding&)>& found);

}  // namespace sage::conformance
