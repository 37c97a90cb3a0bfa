#pragma once
// ASCII white space, 64 bytes at a time.

#include <cstdint>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace sage::text {

constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Bit i: text[i] is white space. Reads 64 bytes.
inline std::uint64_t space_mask(const char* text) {
  std::uint64_t mask = 0;
#ifdef __SSE2__
  const __m128i blank = _mm_set1_epi8(' ');
  const __m128i tab = _mm_set1_epi8('\t');
  const __m128i span = _mm_set1_epi8('\r' - '\t');
  for (int i = 0; i < 4; ++i) {
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text) + i);
    const __m128i above = _mm_sub_epi8(bytes, tab);
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(above, span), above);
    const __m128i space = _mm_or_si128(_mm_cmpeq_epi8(bytes, blank), control);
    const auto bits = static_cast<std::uint32_t>(_mm_movemask_epi8(space));
    mask |= std::uint64_t{bits} << (16 * i);
  }
#else
  for (int i = 0; i < 64; ++i) {
    mask |= std::uint64_t{is_space(text[i])} << i;
  }
#endif
  return mask;
}

}  // namespace sage::text
