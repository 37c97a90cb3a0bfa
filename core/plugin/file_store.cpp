#include "plugin/file_store.hpp"

#include "plugin/codes.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <stdlib.h>

namespace sage::plugin {
namespace {

constexpr std::uint64_t kFileMax = std::uint64_t{1} << 30;
constexpr unsigned kCopyMode = 0500;
constexpr unsigned kFolderMode = 0700;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) {
      ::close(fd_);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string reason() { return std::strerror(errno); }

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1'000'000'000 + time.tv_nsec;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) {
      return false;
    }
    bytes.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
  return true;
}

// A copy or verdict of a month ago is made again where it is still wanted; the loaded ones stay
// mapped.
void forget_old(const std::string& folder) {
  constexpr auto kMonth = std::chrono::hours(24 * 30);
  const auto now = std::filesystem::file_time_type::clock::now();
  std::error_code failed;
  for (std::filesystem::directory_iterator it(folder, failed), end; !failed && it != end;
       it.increment(failed)) {
    std::error_code ignored;
    const auto written = it->last_write_time(ignored);
    if (!ignored && now - written > kMonth && it->is_regular_file(ignored)) {
      std::filesystem::remove(it->path(), ignored);
    }
  }
}

}  // namespace

Result<FileInfo> file_info(const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) {
    return refuse(kUnreadable, path + ": " + reason(), ErrorKind::kIo);
  }
  return FileInfo{{static_cast<std::uint64_t>(info.st_size), nanoseconds(info.st_mtim),
                   nanoseconds(info.st_ctim), info.st_ino, info.st_dev},
                  info.st_mode & S_IFMT,
                  (info.st_mode & S_IWOTH) != 0};
}

Result<std::vector<std::uint8_t>> read_head(const std::string& path, std::size_t at_most) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info{};
  if (file.get() < 0 || ::fstat(file.get(), &info) != 0) {
    return refuse(kUnreadable, "cannot be read: " + reason(), ErrorKind::kIo);
  }
  if (!S_ISREG(info.st_mode) || static_cast<std::uint64_t>(info.st_size) > kFileMax) {
    return refuse(kUnreadable, "cannot be read: not a regular file of at most 1 GiB",
                  ErrorKind::kIo);
  }
  std::vector<std::uint8_t> bytes(std::min(static_cast<std::size_t>(info.st_size), at_most));
  std::size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
    if (n < 0 && errno == EINTR) {
      continue;
    }
    if (n < 0) {
      return refuse(kUnreadable, "cannot be read: " + reason(), ErrorKind::kIo);
    }
    if (n == 0) {
      break;  // it became shorter meanwhile
    }
    have += static_cast<std::size_t>(n);
  }
  bytes.resize(have);
  return bytes;
}

Result<std::vector<std::uint8_t>> read_file(const std::string& path) {
  return read_head(path, kFileMax);
}

Status write_whole(const std::string& path, std::string_view bytes, unsigned mode) {
  std::string temporary = path + ".XXXXXX";
  {
    const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
    if (file.get() < 0 || !write_all(file.get(), bytes) || ::fchmod(file.get(), mode) != 0 ||
        ::fsync(file.get()) != 0) {
      Error error = refuse(kNoCache, path + ": " + reason(), ErrorKind::kIo);
      ::unlink(temporary.c_str());
      return error;
    }
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) {
    Error error = refuse(kNoCache, path + ": " + reason(), ErrorKind::kIo);
    ::unlink(temporary.c_str());
    return error;
  }
  return Ok{};
}

std::string sha256(const void* bytes, std::size_t size) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> digest{};
  crypto_hash_sha256(digest.data(), static_cast<const unsigned char*>(bytes), size);
  std::array<char, 2 * crypto_hash_sha256_BYTES + 1> hex{};
  return sodium_bin2hex(hex.data(), hex.size(), digest.data(), digest.size());
}

Status make_private_folder(const std::string& path) {
  std::error_code failure;
  const std::filesystem::path above = std::filesystem::path(path).parent_path();
  if (!above.empty()) {
    std::filesystem::create_directories(above, failure);
  }
  if (!failure && ::mkdir(path.c_str(), kFolderMode) != 0 && errno != EEXIST) {
    failure = std::error_code(errno, std::generic_category());
  }
  if (failure) {
    return refuse(kNoCache, path + ": " + failure.message(), ErrorKind::kIo);
  }
  struct stat info{};
  if (::stat(path.c_str(), &info) != 0 || !S_ISDIR(info.st_mode)) {
    return refuse(kNoCache, path + ": is not a folder", ErrorKind::kIo);
  }
  if (info.st_uid != ::geteuid()) {
    return refuse(kNoCache, path + ": belongs to another user", ErrorKind::kNotAllowed);
  }
  if ((info.st_mode & 0777) != kFolderMode && ::chmod(path.c_str(), kFolderMode) != 0) {
    return refuse(kNoCache, path + ": " + reason(), ErrorKind::kIo);
  }
  return Ok{};
}

std::string copy_path(const std::string& folder, const std::string& digest) {
  return folder + "/" + digest + ".so";
}

Status make_copy(const std::string& folder, const std::string& digest,
                 const std::vector<std::uint8_t>& bytes) {
  const std::string path = copy_path(folder, digest);
  const auto is_whole = [&] {
    const auto have = read_file(path);
    return have && have->size() == bytes.size() && sha256(have->data(), have->size()) == digest;
  };
  const auto look = file_info(path);
  if (look && is_whole()) {
    return Ok{};
  }
  SAGE_CHECK(
      write_whole(path, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, kCopyMode));
  if (!is_whole()) {
    return refuse(kNoCache, path + ": does not hold what was written", ErrorKind::kIo);
  }
  forget_old(folder);
  return Ok{};
}

}  // namespace sage::plugin
