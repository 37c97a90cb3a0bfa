#pragma once
// Where a demo writes: a folder that stays, so that its result can be looked at, until the next
// demo of that name. [control]

#include "base/result.hpp"

#include <string>

namespace sage::cli {

class DemoFolder {
 public:
  // A fresh folder among the temporary files. Removes those of earlier demos of this name, but for
  // one that is running.
  static Result<DemoFolder> make(const std::string& name);
  ~DemoFolder();
  DemoFolder(DemoFolder&& other) noexcept;
  DemoFolder& operator=(DemoFolder&&) = delete;
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;

  const std::string& path() const { return path_; }

 private:
  DemoFolder(std::string path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::string path_;
  int lock_;  // held as long as the demo runs
};

}  // namespace sage::cli
