#include "demo_folder.hpp"

#include "paths.hpp"

#include <fcntl.h>
#include <filesystem>
#include <sys/file.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

// The descriptor that holds the lock; -1: another process has it, or there is no such folder.
int lock_folder(const std::string& path, int how) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0 && ::flock(fd, how) == 0)
    return fd;
  if (fd >= 0)
    ::close(fd);
  return -1;
}

// A folder that is not removed costs room, nothing else.
void remove_earlier(const std::string& home, const std::string& prefix) {
  std::error_code ignored;
  std::vector<std::string> earlier;
  for (const fs::directory_entry& entry : fs::directory_iterator(home, ignored)) {
    if (entry.path().filename().native().starts_with(prefix))
      earlier.push_back(entry.path().native());
  }
  for (const std::string& path : earlier) {
    const int lock = lock_folder(path, LOCK_EX | LOCK_NB);
    if (lock < 0)
      continue;
    fs::remove_all(path, ignored);
    ::close(lock);
  }
}

}  // namespace

Result<DemoFolder> DemoFolder::make(const std::string& name) {
  const Error failure{ErrorKind::kIo, "E0705", "no folder for temporary files could be made",
                      "name one with a free place in TMPDIR"};
  const std::string home = private_temp_folder("sage-demo");
  // One at a time, or a folder could be taken for an earlier one before it is locked.
  const int turn = home.empty() ? -1 : lock_folder(home, LOCK_EX);
  if (turn < 0)
    return failure;
  remove_earlier(home, name + "-");
  std::string path = home + "/" + name + "-XXXXXX";
  const int lock = ::mkdtemp(path.data()) == nullptr ? -1 : lock_folder(path, LOCK_EX);
  ::close(turn);
  if (lock < 0)
    return failure;
  return DemoFolder(std::move(path), lock);
}

DemoFolder::DemoFolder(DemoFolder&& other) noexcept
    : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DemoFolder::~DemoFolder() {
  if (lock_ >= 0)
    ::close(lock_);
}

}  // namespace sage::cli
