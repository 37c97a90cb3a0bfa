#pragma once
// Sixteen bytes compared at once, and eight numbers compared with one: SSE2, or words where there
// is none. Pure. [any]

#include <cstdint>
#include <cstring>

// SAGE_STATE_PORTABLE: what a processor without SSE2 gets, for tests.
#if defined(__SSE2__) && !defined(SAGE_STATE_PORTABLE)
#define SAGE_STATE_SSE2
#include <emmintrin.h>
#endif

namespace sage::state {

#ifdef SAGE_STATE_SSE2

using Block = __m128i;

inline Block zero_block() { return _mm_setzero_si128(); }
inline Block load_block(const void* from) {
  return _mm_loadu_si128(static_cast<const __m128i*>(from));
}
inline Block either(Block a, Block b) { return _mm_or_si128(a, b); }
inline Block both(Block a, Block b) { return _mm_and_si128(a, b); }
inline bool equal(Block a, Block b) { return _mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) == 0xffff; }

// One bit for each of eight numbers, aligned to 16 bytes, that equals `wanted`.
inline std::uint32_t places_of(const std::uint32_t* eight, std::uint32_t wanted) {
  const __m128i same = _mm_set1_epi32(static_cast<int>(wanted));
  const auto* const four = reinterpret_cast<const __m128i*>(eight);
  const __m128i low = _mm_cmpeq_epi32(_mm_load_si128(four), same);
  const __m128i high = _mm_cmpeq_epi32(_mm_load_si128(four + 1), same);
  return static_cast<std::uint32_t>(_mm_movemask_ps(_mm_castsi128_ps(low)) |
                                    _mm_movemask_ps(_mm_castsi128_ps(high)) << 4);
}

#else

struct Block {
  std::uint64_t words[2];
};

inline Block zero_block() { return {}; }
inline Block load_block(const void* from) {
  Block block{};
  std::memcpy(&block, from, sizeof block);
  return block;
}
inline Block either(Block a, Block b) {
  return {{a.words[0] | b.words[0], a.words[1] | b.words[1]}};
}
inline Block both(Block a, Block b) { return {{a.words[0] & b.words[0], a.words[1] & b.words[1]}}; }
inline bool equal(Block a, Block b) {
  return ((a.words[0] ^ b.words[0]) | (a.words[1] ^ b.words[1])) == 0;
}

inline std::uint32_t places_of(const std::uint32_t* eight, std::uint32_t wanted) {
  std::uint32_t places = 0;
  for (std::uint32_t i = 0; i < 8; ++i)
    places |= std::uint32_t{eight[i] == wanted} << i;
  return places;
}

#endif

}  // namespace sage::state
