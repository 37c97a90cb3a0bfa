#pragma once
// An open file, read in order. Errors are Failures with SAGE_E_IO that name the file.

#include <cstdint>
#include <span>
#include <string>

namespace sage::io {

class FileReader {
 public:
  FileReader() = default;
  // Takes what open(2) returned; -1: throws the reason in errno.
  FileReader(int fd, std::string path);
  ~FileReader() { close(); }
  FileReader(const FileReader&) = delete;
  FileReader& operator=(const FileReader&) = delete;
  FileReader(FileReader&& other) noexcept { swap(other); }
  FileReader& operator=(FileReader&& other) noexcept {
    swap(other);
    return *this;
  }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  void close();

  // Bytes read, 0 at the end.
  std::size_t read(std::span<char> to) const;
  void seek(std::uint64_t offset) const;

 private:
  void swap(FileReader& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(path_, other.path_);
  }
  int fd_ = -1;
  std::string path_;
};

}  // namespace sage::io
