#pragma once
// Takes the place of standard input or output while it lives.

#include <fcntl.h>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace sage::test {

class Redirected {
 public:
  // `fd`: STDIN_FILENO or STDOUT_FILENO becomes one end of a pipe, whose other end is `other`.
  explicit Redirected(int fd) : fd_(fd), saved_(::dup(fd)) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
      throw std::runtime_error("no pipe");
    }
    const int mine = fd == STDIN_FILENO ? ends[0] : ends[1];
    other_ = fd == STDIN_FILENO ? ends[1] : ends[0];
    ::dup2(mine, fd);
    ::close(mine);
  }
  ~Redirected() {
    restore();
    close_other();
  }
  Redirected(const Redirected&) = delete;
  Redirected& operator=(const Redirected&) = delete;

  int other() const { return other_; }
  void close_other() {
    if (other_ >= 0) {
      ::close(std::exchange(other_, -1));
    }
  }
  void restore() {
    if (saved_ >= 0) {
      ::dup2(saved_, fd_);
      ::close(std::exchange(saved_, -1));
    }
  }
  void feed(const std::string& bytes) const {
    if (::write(other_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
      throw std::runtime_error("the pipe is full");
    }
  }
  // What was written to the standard stream; ends the redirection.
  std::string read_all() {
    restore();
    std::string all;
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(other_, buffer, sizeof buffer)) > 0;) {
      all.append(buffer, static_cast<std::size_t>(n));
    }
    return all;
  }

 private:
  int fd_;
  int saved_;
  int other_ = -1;
};

}  // namespace sage::test
