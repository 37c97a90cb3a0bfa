/* The histogram of delays, in nanoseconds: DELAY_STEPS cells for each power of two. The operator
 * bench/delays fills it, the benchmark reads it. */
#ifndef SAGE_BENCH_DELAYS_H
#define SAGE_BENCH_DELAYS_H

#include <stdint.h>

enum { DELAY_STEPS = 16, DELAY_OCTAVES = 32, DELAY_CELLS = DELAY_STEPS * DELAY_OCTAVES };

static inline uint32_t delay_cell(uint64_t ns) {
  if (ns < DELAY_STEPS)
    return (uint32_t)ns;
  const uint32_t shift = 59u - (uint32_t)__builtin_clzll(ns); /* leaves 16 .. 31 */
  const uint32_t cell = DELAY_STEPS * shift + (uint32_t)(ns >> shift);
  return cell < DELAY_CELLS ? cell : DELAY_CELLS - 1;
}

/* The first delay that is too long for the cell. */
static inline uint64_t delay_cell_end(uint32_t cell) {
  if (cell < DELAY_STEPS)
    return cell + 1u;
  return (uint64_t)(DELAY_STEPS + cell % DELAY_STEPS + 1) << (cell / DELAY_STEPS - 1);
}

#endif
