#pragma once
// Jobs in this process, through the real registry, plan and the plugins of the build tree.

#include "plugin/registry.hpp"
#include "runtime/job.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sage::test {

// CPU time of all threads of the process so far.
double cpu_seconds();

struct Run {
  runtime::Report report;
  double cpu_seconds = 0;  // from the opening of the operators to the commit
};

class Engine {
 public:
  // Keeps its plugin cache in `cache`; plugins of `folders` come before those of the box.
  explicit Engine(const std::string& cache, std::vector<std::string> folders = {});
  // Runs a pipeline to its end; throws std::runtime_error with what went wrong.
  Run run(const std::string& toml, const runtime::JobOptions& options = {});
  plugin::Registry& registry() { return *registry_; }

 private:
  std::unique_ptr<plugin::Registry> registry_;
};

}  // namespace sage::test
