/* What the benchmark's operators (ops.c) and its bare loop share: the record and what an instance
 * knows. */
#ifndef SAGE_TESTS_BENCH_OPS_H
#define SAGE_TESTS_BENCH_OPS_H

#include <sage/ext/metrics.h>
#include <sage/ext/wait.h>

#define BENCH_FIELDS 8

/* 64 bytes: eight int64 fields `a` to `h`. */
typedef struct {
  int64_t field[BENCH_FIELDS];
} bench_record;

typedef struct {
  int64_t next, end, step;
  int64_t gap_ns, due_ns; /* pace: between two records; when the next one is due */
  uint64_t sum;
  const sage_wait_api* wait;
  const sage_metrics_api* metrics;
  int64_t* lags; /* lag: of each record, in nanoseconds */
  uint64_t n_lags, room;
} bench_op;

#endif
