#pragma once
// Runs one check in this process: loads the plugin and calls its code, which may do anything. Only
// for a process that was started for it. [control]

#include "conformance/outcome.hpp"

#include <string>
#include <vector>

namespace sage::conformance {

struct Job {
  std::string library;  // the private copy
  std::string op;       // empty: the plugin itself
  std::string check;
  std::vector<std::string> with;  // "OP.KEY=VALUE", of this operator or others
};

Outcome execute(const Job& job, const Report& report);

}  // namespace sage::conformance
