#pragma once
// Jobs in this process, through the real registry, plan and the plugins of the build tree.

#include "plugin/registry.hpp"

#include <memory>
#include <string>

namespace sage::test {

class Engine {
 public:
  // Keeps its plugin cache in `cache`.
  explicit Engine(const std::string& cache);
  // Runs a pipeline to its end; throws std::runtime_error with what went wrong.
  void run(const std::string& toml);

 private:
  std::unique_ptr<plugin::Registry> registry_;
};

}  // namespace sage::test
