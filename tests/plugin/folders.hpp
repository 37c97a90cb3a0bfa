#pragma once
// Temporary folders with toy plugins in them, removed at the end of the test.

#include "plugin/registry.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <stdlib.h>

namespace sage::plugin {

namespace fs = std::filesystem;

class TempFolder {
 public:
  TempFolder() : path_(fs::temp_directory_path() / "sage-plugin-test-XXXXXX") {
    std::string name = path_.string();
    path_ = ::mkdtemp(name.data()) == nullptr ? fs::path() : fs::canonical(name);
  }
  ~TempFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  // The path of a file or folder in it.
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

  // Puts the toy `toy` at `as`, e.g. "plugins/a.so"; by rename, as an installation does.
  std::string put(const std::string& toy, const std::string& as) const {
    const fs::path target = path_ / as;
    fs::create_directories(target.parent_path());
    const fs::path fresh = target.string() + ".new";
    fs::copy_file(fs::path(SAGE_BUILD_DIR) / "tests/toys" / (toy + ".so"), fresh,
                  fs::copy_options::overwrite_existing);
    fs::rename(fresh, target);
    return target.string();
  }

  RegistryConfig config(std::vector<std::string> folders = {"plugins"}) const {
    RegistryConfig config;
    for (const std::string& folder : folders) {
      config.folders.push_back(*this / folder);
    }
    config.cache_dir = *this / "cache";
    config.scanner = std::string(SAGE_BUILD_DIR) + "/libexec/sage/sage-plugin-scan";
    config.scan_timeout_ms = 20'000;
    return config;
  }

 private:
  fs::path path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline void write(const std::string& path, const std::string& bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

}  // namespace sage::plugin
