#include "spec/file.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace sage::spec {
namespace {

Error io_error(const std::string& path, std::string code, std::string message, std::string hint) {
  return {ErrorKind::kIo, std::move(code), std::move(message), std::move(hint),
          Place{path, 1, 1, 1}};
}

std::string quoted(const std::string& path) { return "`" + path + "`"; }

Error system_error(const std::string& path, int number) {
  const std::string reason = std::generic_category().message(number);
  if (number == ENOENT || number == ENOTDIR) {
    return io_error(path, "E0701", "there is no file " + quoted(path),
                    "relative paths start at the current directory");
  }
  if (number == EACCES || number == EPERM) {
    return io_error(path, "E0702", quoted(path) + " may not be read: " + reason,
                    "look at its owner and mode with ls -l");
  }
  return io_error(path, "E0704", quoted(path) + " cannot be read: " + reason, "");
}

// Owns an open file.
class OpenFile {
 public:
  // Not waiting: opening a pipe that nobody writes would take for ever.
  explicit OpenFile(const std::string& path)
      : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
  ~OpenFile() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  OpenFile(const OpenFile&) = delete;
  OpenFile& operator=(const OpenFile&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t limit, bool regular) {
  if (path.find('\0') != std::string::npos)
    return system_error(path, ENOENT);
  const OpenFile file(path);
  if (file.fd() < 0)
    return system_error(path, errno);
  struct stat status{};
  if (::fstat(file.fd(), &status) != 0)
    return system_error(path, errno);
  if (S_ISDIR(status.st_mode)) {
    return io_error(path, "E0703", quoted(path) + " is a directory", "name a file in it");
  }
  if (regular && !S_ISREG(status.st_mode)) {
    return io_error(path, "E0708", quoted(path) + " is not a regular file", "");
  }
  ::fcntl(file.fd(), F_SETFL, 0);  // from here on wait, as for a pipe that somebody writes
  std::string text;
  char buffer[65536];
  while (text.size() <= limit) {
    const ssize_t got = ::read(file.fd(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return system_error(path, errno);
    if (got == 0)
      return text;
    text.append(buffer, static_cast<std::size_t>(got));
  }
  text.resize(limit + 1);
  return text;
}

}  // namespace sage::spec
