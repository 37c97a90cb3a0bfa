#pragma once
// The file that one instance of a sink writes before its job has succeeded:
// `DIRECTORY/staged/instance-00002`. It is locked while the instance lives, so that nobody takes
// it for a leftover and no second job writes to the same directory. What a dead attempt left is
// removed by whoever comes next. One owner, used by one thread at a time.

#include "descriptor.hpp"

#include <cstdint>
#include <sys/types.h>

namespace sage::io {

inline constexpr const char* kStaged = "staged";

class StagedFile {
 public:
  StagedFile() = default;
  // Creates the directory, with its parents, and the file. Throws where another job or stage is
  // writing to the directory.
  StagedFile(const std::string& directory, std::uint32_t instance);

  explicit operator bool() const { return static_cast<bool>(fd_); }
  const std::string& path() const { return path_; }
  ino_t inode() const { return inode_; }
  // Whether the file is locked; some file systems know no locks.
  bool locked() const { return locked_; }
  void write(std::string_view bytes) { write_all(fd_.get(), bytes, path_); }
  // On disk when this returns, with its name.
  void sync();
  // Removes the file, and `staged/` if nothing else is in it. Harmless where a commit has moved it.
  void discard();
  // Gives up the lock, nothing else.
  void close() { fd_.close(); }

 private:
  bool create();

  std::string directory_;
  std::string path_;
  Descriptor fd_;
  Descriptor leftover_;  // kept open until the new file exists, so that the two differ in inode
  ino_t inode_ = 0;
  bool locked_ = false;
};

// The path of an instance's staged file.
std::string staged_path(const std::string& directory, std::uint32_t instance);

// The inode of what a path names, itself and not what a link points to; 0 if there is nothing.
ino_t inode_of(const std::string& path);

// Removes `staged/` if it is empty.
void remove_staged_directory(const std::string& directory);

// Removes what dead attempts left behind for instances from `first` on.
void remove_leftovers(const std::string& directory, std::uint32_t first);

}  // namespace sage::io
