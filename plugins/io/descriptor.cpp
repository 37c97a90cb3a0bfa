#include "descriptor.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sage::io {

void Descriptor::close() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

Failure io_failure(std::string_view doing, const std::string& path) {
  return io_failure(doing, path, errno);
}

Failure io_failure(std::string_view doing, const std::string& path, int error) {
  const std::string reason = std::generic_category().message(error);
  return {SAGE_E_IO, "cannot " + std::string(doing) + " " + path + ": " + reason};
}

std::size_t read_some(int fd, std::span<char> to, const std::string& path) {
  for (;;) {
    const ssize_t n = ::read(fd, to.data(), to.size());
    if (n >= 0) {
      return static_cast<std::size_t>(n);
    }
    if (errno != EINTR) {
      throw io_failure("read", path);
    }
  }
}

void write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR) {
      throw io_failure("write", path);
    }
    bytes.remove_prefix(n < 0 ? 0 : static_cast<std::size_t>(n));
  }
}

void sync_directory(const std::string& path) {
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) {
    throw io_failure("open", path);
  }
  if (::fsync(fd.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
    throw io_failure("sync", path);
  }
}

}  // namespace sage::io
