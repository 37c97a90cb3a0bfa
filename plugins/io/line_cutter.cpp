#include "line_cutter.hpp"

#include <algorithm>

namespace sage::io {

void LineCutter::restart(std::uint64_t offset) {
  begin_ = end_ = scanned_ = 0;
  offset_ = offset;
  skipping_ = finished_ = false;
}

std::span<char> LineCutter::room() {
  const std::size_t kept = end_ - begin_;
  if (capacity_ - end_ < kBlock) {
    if (capacity_ - kept >= kBlock) {
      std::memmove(data_.get(), data_.get() + begin_, kept);
    } else {
      const std::size_t capacity = std::max(2 * capacity_, 2 * kBlock);
      auto bigger = std::make_unique_for_overwrite<char[]>(capacity + SAGE_SLACK);
      if (kept != 0) {
        std::memcpy(bigger.get(), data_.get() + begin_, kept);
      }
      data_ = std::move(bigger);
      capacity_ = capacity;
    }
    begin_ = 0;
    end_ = kept;
  }
  return {data_.get() + end_, kBlock};
}

LineCutter::Cut LineCutter::next_slow(Line& line, const char* newline) {
  const std::size_t held = end_ - begin_;
  if (skipping_) {
    take(newline == nullptr ? held
                            : static_cast<std::size_t>(newline + 1 - (data_.get() + begin_)));
    skipping_ = newline == nullptr;
    scanned_ = 0;
    return skipping_ ? finished_ ? Cut::kEnd : Cut::kMore : next(line);
  }
  scanned_ = held;
  if (held > max_ + 1) {  // a \r may still turn out to be part of the end of the line
    line = {{data_.get() + begin_, kShown}, offset_};
    take(held);
    scanned_ = 0;
    skipping_ = true;
    return Cut::kTooLong;
  }
  if (!finished_) {
    return Cut::kMore;
  }
  return held == 0 ? Cut::kEnd : cut(line, held, 0);
}

}  // namespace sage::io
