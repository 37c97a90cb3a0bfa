#pragma once
// File descriptors: an owner, and errors that name the path and the reason.

#include <sage/error.hpp>

#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace sage::io {

// Owns a descriptor; -1 is none.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() { close(); }
  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void close();

 private:
  int fd_ = -1;
};

// "cannot write counts/x: No space left on device", from errno. SAGE_E_IO.
Failure io_failure(std::string_view doing, const std::string& path);
Failure io_failure(std::string_view doing, const std::string& path, int error);

// Bytes read, 0 at the end; or throws.
std::size_t read_some(int fd, std::span<char> to, const std::string& path);

// Writes it all, or throws. The descriptor blocks.
void write_all(int fd, std::string_view bytes, const std::string& path);

// Puts the names in a directory on disk. Throws; file systems that cannot do it are let pass.
void sync_directory(const std::string& path);

}  // namespace sage::io
