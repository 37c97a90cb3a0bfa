/* Operators that the benchmarks need and the box does not have; plain C against the ABI, so that
 * what they cost is the ABI's. One struct serves them all. */
#ifndef SAGE_BENCH_OPS_H
#define SAGE_BENCH_OPS_H

#include "delays.h"

#include <sage/ext/config.h>
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>
#include <sage/ext/state.h>
#include <sage/ext/wait.h>

typedef struct {
  int64_t next, end;  /* sources: the next number, and the one that does not come any more */
  int64_t keys, rate; /* options */
  int64_t began_ns;   /* pace */
  uint64_t sum, rows; /* sum, delays */
  uint64_t* delays;   /* delays: records per cell */
  const sage_metrics_api* metrics;
  const sage_wait_api* wait;
  const sage_state_api* states;
  sage_state* state;
} bench;

static inline uint32_t size_of(const sage_batch* in) {
  return in->rows == NULL ? in->count : in->n_rows;
}
static inline int64_t* body_of(const sage_batch* in, uint32_t i) {
  const sage_record* r = &in->records[in->rows == NULL ? i : in->rows[i]];
  return (int64_t*)(void*)(in->buffers[r->buf].data + r->off);
}

/* rows.c */
sage_status rows_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out);
sage_status events_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out);
sage_status keep_select(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep);
sage_status raise_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out);
sage_status pair_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out);
sage_status sum_write(void* self, sage_ctx* ctx, const sage_batch* in);
sage_status sum_prepare(void* self, sage_ctx* ctx, sage_bytes* handle);

/* paced.c */
sage_status pace_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out);
sage_status bump_open(void* self, sage_ctx* ctx);
sage_status bump_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out);
sage_status delays_write(void* self, sage_ctx* ctx, const sage_batch* in);
sage_status delays_prepare(void* self, sage_ctx* ctx, sage_bytes* handle);

#endif
