#include "file_reader.hpp"

#include <sage/plugin.hpp>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace sage::io {

namespace {

[[noreturn]] void fail(const std::string& path) {
  throw Failure(SAGE_E_IO, "cannot read " + path + ": " + std::generic_category().message(errno));
}

}  // namespace

FileReader::FileReader(int fd, std::string path) : fd_(fd), path_(std::move(path)) {
  if (fd < 0) {
    fail(path_);
  }
  (void)::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
}

void FileReader::close() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

std::size_t FileReader::read(std::span<char> to) const {
  for (;;) {
    const ssize_t n = ::read(fd_, to.data(), to.size());
    if (n >= 0) {
      return static_cast<std::size_t>(n);
    }
    if (errno != EINTR) {
      fail(path_);
    }
  }
}

void FileReader::seek(std::uint64_t offset) const {
  if (::lseek(fd_, static_cast<off_t>(offset), SEEK_SET) < 0) {
    fail(path_);
  }
}

}  // namespace sage::io
