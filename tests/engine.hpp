#pragma once
// Jobs in this process, through the real registry, plan and the plugins of the build tree.

#include "plugin/registry.hpp"
#include "runtime/report.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace sage::test {

// What a job did.
struct Ran {
  double seconds = 0;  // of the run, without planning and loading
  runtime::Report report;

  // A metric of a stage, 0: there is none.
  std::uint64_t counter(const std::string& stage, const std::string& name) const;
  double gauge(const std::string& stage, const std::string& name) const;
};

class Engine {
 public:
  // Keeps its plugin cache in `cache`; `folders`: of plugins, besides those in the box.
  explicit Engine(const std::string& cache, const std::vector<std::string>& folders = {});

  struct Options {
    std::uint32_t batch_records = 4096;
    std::uint32_t cpus = 1;
  };
  // Runs a pipeline to its end; throws std::runtime_error with what went wrong.
  Ran run(const std::string& toml, Options options);
  Ran run(const std::string& toml) { return run(toml, Options()); }

 private:
  std::unique_ptr<plugin::Registry> registry_;
};

}  // namespace sage::test
