#pragma once
// The words of a file, as a careful programmer reads them by hand: in blocks, split at ASCII white
// space, 64 bytes at a time. Both word count loops have this in common.

#include <bit>
#include <cstdint>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sage::bench {

constexpr std::size_t kStride = 64;

// Bit i: text[i] is a space or one of \t \n \v \f \r.
inline std::uint64_t white(const char* text) {
  std::uint64_t mask = 0;
#ifdef __SSE2__
  for (std::size_t i = 0; i < kStride; i += 16) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text + i));
    const __m128i from_tab = _mm_sub_epi8(bytes, _mm_set1_epi8('\t'));
    const __m128i hit =
        _mm_or_si128(_mm_cmpeq_epi8(_mm_min_epu8(from_tab, _mm_set1_epi8(4)), from_tab),
                     _mm_cmpeq_epi8(bytes, _mm_set1_epi8(' ')));
    mask |= std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(hit))} << i;
  }
#else
  for (std::size_t i = 0; i < kStride; ++i)
    mask |= std::uint64_t{text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r')} << i;
#endif
  return mask;
}

// word(begin, length) for each word of [begin, end) that a white space ends; returns where the
// last, open one begins. A stride behind the end is read.
template <class Word>
const char* each_word(const char* begin, const char* end, Word word) {
  const char* start = begin;
  for (const char* base = begin; base < end; base += kStride) {
    std::uint64_t spaces = white(base);
    if (end - base < static_cast<std::ptrdiff_t>(kStride))
      spaces &= (std::uint64_t{1} << (end - base)) - 1;
    for (; spaces != 0; spaces &= spaces - 1) {
      const char* const space = base + std::countr_zero(spaces);
      if (space != start)
        word(start, static_cast<std::uint32_t>(space - start));
      start = space + 1;
    }
  }
  return start;
}

// word(begin, length) for each word of the file, and block_ends() before they are overwritten.
template <class Word, class BlockEnds>
void each_word_of_file(const std::string& file, Word word, BlockEnds block_ends) {
  constexpr std::size_t kBlock = std::size_t{256} << 10;
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return;
  std::vector<char> block(kBlock + kStride);
  std::size_t held = 0;  // bytes of a word cut off at the end of the last block
  while (true) {
    if (held + kStride == block.size())
      block.resize(2 * block.size());
    const ssize_t got = read(fd, block.data() + held, block.size() - kStride - held);
    if (got <= 0)
      break;
    const char* const end = block.data() + held + static_cast<std::size_t>(got);
    const char* const open_word = each_word(block.data(), end, word);
    block_ends();
    held = static_cast<std::size_t>(end - open_word);
    std::memmove(block.data(), open_word, held);
  }
  if (held > 0)
    word(block.data(), static_cast<std::uint32_t>(held));
  block_ends();
  close(fd);
}

}  // namespace sage::bench
