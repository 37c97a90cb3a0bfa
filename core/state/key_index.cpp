#include "state/key_index.hpp"

#include <cstring>
#include <new>
#include <sys/mman.h>
#include <utility>

namespace sage::state {
namespace {

constexpr std::uint32_t kFirstLines = 4;
// Small tables double. Of large ones the memory matters more: they grow by a quarter.
constexpr std::uint32_t kDoubleUntil = 256;  // lines
constexpr std::size_t kHugePage = std::size_t{2} << 20;

}  // namespace

KeyIndex::KeyIndex() : lines_(allocate(kFirstLines)), count_(kFirstLines) {}

// A large table lies in huge pages where the system has them: finding the page of a line is a good
// part of a look-up's time.
KeyIndex::Lines KeyIndex::allocate(std::uint32_t count) {
  const std::size_t bytes = std::size_t{count} * sizeof(Line);
  const bool is_large = bytes >= kHugePage;
  void* memory = nullptr;
  if (::posix_memalign(&memory, is_large ? kHugePage : sizeof(Line), bytes) != 0)
    throw std::bad_alloc();  // as operator new would
  if (is_large)
    ::madvise(memory, bytes, MADV_HUGEPAGE);
  std::memset(memory, 0, bytes);
  return Lines(static_cast<Line*>(memory));
}

void KeyIndex::insert(std::uint32_t tag, std::uint32_t number) {
  // At four fifths, one record in fifteen is not in the line where it is looked for first.
  if ((size_ + 1) * 5 > std::uint64_t{count_} * kPlaces * 4)
    grow();
  place(tag, number);
  ++size_;
}

void KeyIndex::place(std::uint32_t tag, std::uint32_t number) {
  std::uint32_t i = home(tag);
  while (lines_[i].is_full())
    i = after(i);
  const int at = std::countr_zero(lines_[i].places_of(0));
  lines_[i].tags[at] = tag;
  lines_[i].numbers[at] = number;
}

void KeyIndex::grow() {
  const std::uint32_t old_count = count_;
  const std::uint32_t count = old_count + (old_count < kDoubleUntil ? old_count : old_count / 4);
  const Lines old = std::exchange(lines_, allocate(count));
  count_ = count;
  for (std::uint32_t i = 0; i < old_count; ++i) {
    const Line& line = old[i];
    for (std::uint32_t at = 0; at < kPlaces && line.tags[at] != 0; ++at)
      place(line.tags[at], line.numbers[at]);
  }
}

}  // namespace sage::state
