/* Latency: a source with a clock that gives so many records a second, `{first, second, born}`, a
 * keyed operator that hands them on, and a sink that counts how long they were on their way. */
#include "ops.h"

#include <stdio.h>
#include <time.h>

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* ---- pace: what is due now, then sleeps until the next is ---- */

sage_status pace_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  bench* b = self;
  const int64_t now = now_ns();
  if (b->next >= b->end)
    return SAGE_END;
  if (b->began_ns == 0)
    b->began_ns = now;
  const int64_t step = 1000000000 / b->rate;
  int64_t due = (now - b->began_ns) / step + 1;
  if (due > b->end)
    due = b->end;
  for (uint32_t i = 0; i < max && b->next < due; ++i, ++b->next) {
    const int64_t row[3] = {b->next % b->keys, b->next / 7 % b->keys, now_ns()};
    const sage_status s = out->emit(out, 0, SAGE_NO_TS, row, sizeof row);
    if (s != SAGE_OK)
      return s;
  }
  if (b->next < due)
    return SAGE_OK;
  const int64_t wait = b->began_ns + b->next * step - now_ns();
  b->wait->delay(ctx, wait > 1 ? wait : 1);
  return SAGE_IDLE;
}

/* ---- bump: counts the records of the key, hands the batch on ---- */

sage_status bump_open(void* self, sage_ctx* ctx) {
  bench* b = self;
  const sage_state_desc desc = {sizeof desc, SAGE_STATE_SLOT, "n", 8, 0};
  b->states = ctx->get_interface(ctx, SAGE_HOST_STATE);
  return b->states == NULL ? SAGE_E_UNSUPPORTED : b->states->open(ctx, &desc, &b->state);
}

sage_status bump_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  bench* b = self;
  (void)ctx;
  (void)out;
  for (uint32_t i = 0; i < size_of(in); ++i) {
    void* slot = NULL;
    const sage_status s = b->states->slot(b->state, in, i, &slot);
    if (s != SAGE_OK)
      return s;
    ++*(int64_t*)slot;
  }
  return SAGE_FORWARD;
}

/* ---- delays: from `born` to the call ---- */

sage_status delays_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  bench* b = self;
  const int64_t now = now_ns();
  (void)ctx;
  for (uint32_t i = 0; i < size_of(in); ++i)
    ++b->delays[delay_cell((uint64_t)(now - body_of(in, i)[2]))];
  return SAGE_OK;
}

/* The counter "d<cell>" for every cell that is not empty. */
sage_status delays_prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  const bench* b = self;
  const sage_bytes none = {NULL, 0};
  for (uint32_t cell = 0; cell < DELAY_CELLS; ++cell) {
    char name[16];
    if (b->delays[cell] == 0)
      continue;
    snprintf(name, sizeof name, "d%u", cell);
    b->metrics->add(b->metrics->counter(ctx, name, NULL, NULL), b->delays[cell]);
  }
  *handle = none;
  return SAGE_OK;
}
