#pragma once
// Jobs through the real registry, plan and plugins, for benchmarks.

#include "folder.hpp"
#include "plugin/registry.hpp"
#include "tight_loop.hpp"

#include <memory>
#include <string>

namespace sage::bench {

using test::Folder;

class Engine {
 public:
  // Plugins of the build tree; their cache lies in `temp`.
  explicit Engine(const Folder& temp);
  // Runs a pipeline to its end; throws std::runtime_error with what went wrong.
  void run(const std::string& toml);
  // Word count of a file into a directory, replaced.
  void wordcount(const std::string& file, const std::string& directory);

 private:
  std::unique_ptr<plugin::Registry> registry_;
};

// The totals of the rows {"word":...,"n":...} in a directory of part files.
WordTotals read_counts(const std::string& directory);

}  // namespace sage::bench
