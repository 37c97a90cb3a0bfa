#pragma once
// Cuts a stream of bytes into lines: they end at \n, one \r before it is dropped, a last line
// without \n counts. What is read lies in one buffer; lines are views into it.

#include <sage/plugin.hpp>

#include <cstring>
#include <memory>
#include <span>
#include <string_view>

namespace sage::io {

class LineCutter {
 public:
  enum class Cut {
    kLine,
    kTooLong,  // `text` is the start of a line over `max`; its rest was or will be skipped
    kMore,     // read more into room()
    kEnd,      // after finish()
  };
  struct Line {
    std::string_view text;     // 64 bytes behind it are readable; until the next call of room()
    std::uint64_t offset = 0;  // of its first byte in the stream
  };

  // Lines of at most `max` bytes.
  explicit LineCutter(std::size_t max) : max_(max), data_(std::make_unique<char[]>(SAGE_SLACK)) {}

  // Forgets everything; the next byte has this offset in the stream.
  void restart(std::uint64_t offset);
  // Where to read to; then say how many bytes came. Only after kMore.
  std::span<char> room();
  void filled(std::size_t bytes) { end_ += bytes; }
  // No more bytes will come.
  void finish() { finished_ = true; }

  Cut next(Line& line) {
    const char* const from = data_.get() + begin_;
    const auto* const newline =
        static_cast<const char*>(std::memchr(from + scanned_, '\n', end_ - begin_ - scanned_));
    if (newline == nullptr || skipping_) [[unlikely]] {
      return next_slow(line, newline);
    }
    return cut(line, static_cast<std::size_t>(newline - from), 1);
  }
  // Offset in the stream of the first byte that was not handed out.
  std::uint64_t offset() const { return offset_; }

 private:
  static constexpr std::size_t kBlock = std::size_t{256} << 10;

  Cut cut(Line& line, std::size_t length, std::size_t newline) {
    const char* const from = data_.get() + begin_;
    const std::size_t text = length - (newline != 0 && length != 0 && from[length - 1] == '\r');
    line = {{from, text}, offset_};
    take(length + newline);
    scanned_ = 0;
    if (text > max_) [[unlikely]] {
      line.text = line.text.substr(0, kShown);
      return Cut::kTooLong;
    }
    return Cut::kLine;
  }
  Cut next_slow(Line& line, const char* newline);
  void take(std::size_t bytes) {
    begin_ += bytes;
    offset_ += bytes;
  }

  static constexpr std::size_t kShown = 1024;  // bytes of a line that is too long

  std::size_t max_;
  std::unique_ptr<char[]> data_;
  std::size_t capacity_ = 0;
  std::size_t begin_ = 0;    // of what is not handed out
  std::size_t end_ = 0;      // of what was read
  std::size_t scanned_ = 0;  // bytes from begin_ on that hold no \n
  std::uint64_t offset_ = 0;
  bool skipping_ = false;  // the rest of a line that was too long
  bool finished_ = false;
};

}  // namespace sage::io
