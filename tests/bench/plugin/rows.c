/* Records of 64 bytes, `{seq, value, c .. h}`, and what is done with them. ../fused.cpp does the
 * same by hand. */
#include "ops.h"

#include <string.h>

/* The envelope of record i of a slab whose records have `bytes` bytes each, side by side. */
static inline sage_record envelope(const sage_slab* slab, uint32_t i, uint32_t bytes, int64_t ts) {
  const sage_record r = {ts, 0, (uint32_t)slab->offset + i * bytes, bytes, slab->buf, 0};
  return r;
}

static sage_status room_for(sage_out* out, uint32_t n, uint32_t bytes, sage_slab* slab) {
  slab->struct_size = sizeof *slab;
  return out->reserve(out, 0, n, (uint64_t)n * bytes, slab);
}

typedef struct {
  uint64_t seq, value, rest[6];
} row;

static uint32_t due(const bench* b, uint32_t max) {
  return b->end - b->next < max ? (uint32_t)(b->end - b->next) : max;
}

/* ---- rows: seq 0 .. count-1 ---- */

sage_status rows_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  bench* b = self;
  (void)ctx;
  const uint32_t n = due(b, max);
  sage_slab slab;
  if (n == 0)
    return SAGE_END;
  const sage_status s = room_for(out, n, 64, &slab);
  if (s != SAGE_OK)
    return s;
  row* restrict to = (row*)(void*)(slab.data + slab.offset);
  sage_record* restrict records = slab.records;
  uint64_t seq = (uint64_t)b->next;
  for (uint32_t i = 0; i < n; ++i, ++seq) {
    const uint64_t value = seq * 0x9e3779b97f4a7c15u;
    const row made = {
        seq, value, {value + 1, value + 2, value + 3, value + 4, value + 5, value + 6}};
    records[i] = envelope(&slab, i, sizeof made, SAGE_NO_TS);
    to[i] = made;
  }
  b->next += n;
  return out->commit(out, 0, n, slab.offset + 64ull * n);
}

/* ---- events: `{key, value}` a microsecond apart, of so many keys ---- */

sage_status events_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  bench* b = self;
  (void)ctx;
  const uint32_t n = due(b, max);
  sage_slab slab;
  if (n == 0)
    return SAGE_END;
  const sage_status s = room_for(out, n, 16, &slab);
  if (s != SAGE_OK)
    return s;
  uint64_t* to = (uint64_t*)(void*)(slab.data + slab.offset);
  for (uint32_t i = 0; i < n; ++i, to += 2) {
    const uint64_t seq = (uint64_t)b->next + i;
    slab.records[i] = envelope(&slab, i, 16, (int64_t)seq * 1000);
    to[0] = ((seq * 0x9e3779b97f4a7c15u >> 32) * (uint64_t)b->keys) >> 32;
    to[1] = seq;
  }
  b->next += n;
  return out->commit(out, 0, n, slab.offset + 16ull * n);
}

/* ---- keep: half of the records, by a bit that nobody can foretell ---- */

sage_status keep_select(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep) {
  const uint32_t n = size_of(in);
  (void)self;
  (void)ctx;
  for (uint32_t at = 0; at < n; at += 64) {
    const uint32_t end = n - at < 64 ? n - at : 64;
    uint64_t bits = 0;
    for (uint32_t i = 0; i < end; ++i)
      bits |= ((uint64_t)body_of(in, at + i)[1] >> 63) << i;
    keep[at / 64] = bits;
  }
  return SAGE_OK;
}

/* ---- raise: value x 3 + 1, in place ---- */

sage_status raise_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const uint32_t n = size_of(in);
  (void)self;
  (void)out;
  if ((in->flags & SAGE_BATCH_WRITABLE) == 0) {
    ctx->set_error(ctx, "the batch is not writable", 25);
    return SAGE_E_FAIL;
  }
  for (uint32_t i = 0; i < n; ++i) {
    int64_t* body = body_of(in, i);
    body[1] = (int64_t)((uint64_t)body[1] * 3 + 1);
  }
  return SAGE_IN_PLACE;
}

/* ---- pair: `{seq, value x 3 + 1}`, a new record ---- */

sage_status pair_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const uint32_t n = size_of(in);
  sage_slab slab;
  (void)self;
  (void)ctx;
  const sage_status s = room_for(out, n, 16, &slab);
  if (s != SAGE_OK)
    return s;
  int64_t* to = (int64_t*)(void*)(slab.data + slab.offset);
  for (uint32_t i = 0; i < n; ++i, to += 2) {
    const int64_t* body = body_of(in, i);
    slab.records[i] = envelope(&slab, i, 16, in->records[in->rows == NULL ? i : in->rows[i]].ts);
    to[0] = body[0];
    to[1] = (int64_t)((uint64_t)body[1] * 3 + 1);
  }
  return out->commit(out, 0, n, slab.offset + 16ull * n);
}

/* ---- sum: adds up the second field ---- */

sage_status sum_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  bench* b = self;
  const uint32_t n = size_of(in);
  uint64_t sum = 0;
  (void)ctx;
  for (uint32_t i = 0; i < n; ++i)
    sum += (uint64_t)body_of(in, i)[1];
  b->sum += sum;
  b->rows += n;
  return SAGE_OK;
}

sage_status sum_prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  const bench* b = self;
  const sage_bytes none = {NULL, 0};
  b->metrics->add(b->metrics->counter(ctx, "rows", NULL, NULL), b->rows);
  b->metrics->add(b->metrics->counter(ctx, "sum", NULL, NULL), b->sum);
  *handle = none;
  return SAGE_OK;
}
