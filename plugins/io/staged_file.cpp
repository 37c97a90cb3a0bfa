#include "staged_file.hpp"

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <optional>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace sage::io {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPrefix = "instance-";
constexpr int kTries = 100;

enum class Lock { kHeld, kBusy, kUnknown };

Lock lock(const Descriptor& fd) {
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) {
    return Lock::kHeld;
  }
  return errno == EWOULDBLOCK ? Lock::kBusy : Lock::kUnknown;
}

ino_t inode_of(const Descriptor& fd) {
  struct stat status{};
  return ::fstat(fd.get(), &status) == 0 ? status.st_ino : 0;
}

void make_directory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) {
    throw io_failure("create the directory", path, error.value());
  }
  if (!fs::is_directory(path, error)) {
    throw io_failure("create the directory", path, ENOTDIR);
  }
}

std::optional<std::uint32_t> instance_of(std::string_view name) {
  if (!name.starts_with(kPrefix)) {
    return std::nullopt;
  }
  name.remove_prefix(kPrefix.size());
  std::uint32_t instance = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), instance);
  return error == std::errc() && end == name.data() + name.size() ? std::optional(instance)
                                                                  : std::nullopt;
}

}  // namespace

std::string staged_path(const std::string& directory, std::uint32_t instance) {
  char name[32];
  std::snprintf(name, sizeof name, "%05u", instance);
  return directory + "/" + kStaged + "/" + std::string(kPrefix) + name;
}

ino_t inode_of(const std::string& path) {
  struct stat status{};
  return ::lstat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

void remove_staged_directory(const std::string& directory) {
  ::rmdir((directory + "/" + kStaged).c_str());  // refuses if it is not empty
}

void remove_leftovers(const std::string& directory, std::uint32_t first) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory + "/" + kStaged, error)) {
    const auto instance = instance_of(entry.path().filename().native());
    if (!instance || *instance < first) {
      continue;
    }
    const Descriptor fd(::open(entry.path().c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW));
    if (fd && lock(fd) == Lock::kHeld) {
      ::unlink(entry.path().c_str());
    }
  }
}

StagedFile::StagedFile(const std::string& directory, std::uint32_t instance)
    : directory_(directory), path_(staged_path(directory, instance)) {
  // Somebody may remove the empty `staged/`, or try the lock of a file that is just being made.
  for (int i = 0; i < kTries && !fd_; ++i) {
    make_directory(directory);
    make_directory(directory + "/" + kStaged);
    if (create()) {
      locked_ = lock(fd_) == Lock::kHeld;
      inode_ = inode_of(fd_);
      if (inode_of(path_) != inode_) {
        fd_.close();
      }
    }
  }
  leftover_.close();
  if (!fd_) {
    throw Failure(SAGE_E_IO, "cannot create " + path_ + ": it is removed over and over again");
  }
}

// False: try again.
bool StagedFile::create() {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOFOLLOW;
  fd_ = Descriptor(::open(path_.c_str(), kFlags | O_CREAT | O_EXCL, 0666));
  if (fd_) {
    return true;
  }
  if (errno == ENOENT) {
    return false;
  }
  if (errno != EEXIST) {
    throw io_failure("create", path_);
  }
  Descriptor old(::open(path_.c_str(), kFlags));
  if (!old) {
    if (errno == ENOENT) {
      return false;
    }
    throw io_failure("open", path_);
  }
  if (lock(old) == Lock::kBusy) {
    throw Failure(SAGE_E_IO, "another job or stage is writing to " + directory_ + " (" + path_ +
                                 " is locked); give each its own directory");
  }
  if (inode_of(path_) == inode_of(old) && ::unlink(path_.c_str()) != 0 && errno != ENOENT) {
    throw io_failure("remove", path_);
  }
  leftover_ = std::move(old);
  return false;
}

void StagedFile::sync() {
  if (::fsync(fd_.get()) != 0) {
    throw io_failure("sync", path_);
  }
  sync_directory(directory_ + "/" + kStaged);
  sync_directory(directory_);
}

void StagedFile::discard() {
  if (inode_ == 0) {
    return;
  }
  if (inode_of(path_) == inode_) {
    ::unlink(path_.c_str());
  }
  remove_staged_directory(directory_);
  fd_.close();
  inode_ = 0;
}

}  // namespace sage::io
