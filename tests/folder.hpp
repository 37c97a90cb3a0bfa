#pragma once
// A temporary folder of a test, removed when it ends.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <stdlib.h>

namespace sage::test {

class Folder {
 public:
  Folder() {
    std::string name = std::filesystem::temp_directory_path() / "sage-test-XXXXXX";
    path_ = ::mkdtemp(name.data()) == nullptr ? "" : std::filesystem::canonical(name);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  // The path of something in it.
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  // Writes a file, with the folders above it.
  void put(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc) << bytes;
  }
  std::string read(const std::string& name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool has(const std::string& name) const { return std::filesystem::exists(path_ / name); }
  // What lies directly in the folder `name`, sorted; folders end with '/'.
  std::vector<std::string> names(const std::string& name = "") const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path_ / name)) {
      names.push_back(entry.path().filename().string() + (entry.is_directory() ? "/" : ""));
    }
    std::ranges::sort(names);
    return names;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace sage::test
