/* Operators for benchmarks, in plain C against the ABI, each with nothing to spare: a source of
 * 64-byte records, a filter, maps in place and into new records, sinks; a source that keeps a pace
 * and a sink that tells how late records are. */
#include "ops.h"

#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

SAGE_NOTE("bench", "1.0.0");

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int64_t option(const struct sage_config* c, const char* name) {
  const sage_value* v = c == NULL ? NULL : c->get(c, name);
  return v == NULL ? 0 : c->as_int(v);
}

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* c,
                          void** self) {
  bench_op* b = calloc(1, sizeof *b);
  const int64_t count = option(c, "count");
  const int64_t rate = option(c, "rate");
  (void)op;
  if (b == NULL)
    return SAGE_E_NOMEM;
  b->next = ctx->subtask;
  b->step = ctx->parallelism;
  b->end = count > 0 ? count : INT64_MAX;
  b->gap_ns = rate > 0 ? 1000000000 / rate : 0;
  b->wait = ctx->get_interface(ctx, SAGE_HOST_WAIT);
  b->metrics = ctx->get_interface(ctx, SAGE_HOST_METRICS);
  *self = b;
  return SAGE_OK;
}

static void destroy(void* self) {
  bench_op* b = self;
  free(b->lags);
  free(b);
}

static bench_record* at(const sage_batch* in, uint32_t i) {
  const sage_record* r = &in->records[in->rows == NULL ? i : in->rows[i]];
  return (bench_record*)(void*)(in->buffers[r->buf].data + r->off);
}

static uint32_t size_of(const sage_batch* in) { return in->rows == NULL ? in->count : in->n_rows; }

/* ---- records: field a counts, b follows from it ---- */

static sage_status records_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  bench_op* b = self;
  sage_slab slab = {sizeof slab, 0, NULL, 0, 0, NULL, 0, 0};
  uint32_t n = 0;
  (void)ctx;
  if (b->next >= b->end)
    return SAGE_END;
  const sage_status s = out->reserve(out, 0, max, max * sizeof(bench_record), &slab);
  if (s != SAGE_OK)
    return s;
  bench_record* to = (bench_record*)(void*)(slab.data + slab.offset);
  for (; n < max && b->next < b->end; ++n, b->next += b->step) {
    const sage_record r = {b->next,    0,        (uint32_t)(slab.offset + n * sizeof *to),
                           sizeof *to, slab.buf, 0};
    slab.records[n] = r;
    for (int f = 0; f < BENCH_FIELDS; ++f)
      to[n].field[f] = b->next + f;
  }
  return out->commit(out, 0, n, slab.offset + n * sizeof *to);
}

/* ---- keep: three of four ---- */

static sage_status keep_select(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep) {
  const uint32_t size = size_of(in);
  (void)self;
  (void)ctx;
  for (uint32_t i = 0; i < size; ++i)
    keep[i / 64] |= (uint64_t)((at(in, i)->field[0] & 3) != 0) << (i % 64);
  return SAGE_OK;
}

/* ---- bump: b = 3 b + 1, in place ---- */

static sage_status bump_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const uint32_t size = size_of(in);
  (void)self;
  (void)ctx;
  (void)out;
  for (uint32_t i = 0; i < size; ++i) {
    int64_t* b = &at(in, i)->field[1];
    *b = 3 * *b + 1;
  }
  return SAGE_IN_PLACE;
}

/* ---- shift: the same into new records ---- */

static sage_status shift_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const uint32_t size = size_of(in);
  sage_slab slab = {sizeof slab, 0, NULL, 0, 0, NULL, 0, 0};
  (void)self;
  (void)ctx;
  const sage_status s = out->reserve(out, 0, size, size * sizeof(bench_record), &slab);
  if (s != SAGE_OK)
    return s;
  bench_record* to = (bench_record*)(void*)(slab.data + slab.offset);
  for (uint32_t i = 0; i < size; ++i) {
    const sage_record r = {in->records[i].ts, 0,        (uint32_t)(slab.offset + i * sizeof *to),
                           sizeof *to,        slab.buf, 0};
    slab.records[i] = r;
    to[i] = *at(in, i);
    to[i].field[1] = 3 * to[i].field[1] + 1;
  }
  return out->commit(out, 0, size, slab.offset + size * sizeof *to);
}

/* ---- pass: hands on ---- */

static sage_status pass_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  (void)self;
  (void)ctx;
  (void)in;
  (void)out;
  return SAGE_FORWARD;
}

/* ---- sum: adds b up ---- */

static sage_status sum_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  bench_op* b = self;
  const uint32_t size = size_of(in);
  uint64_t sum = 0;
  (void)ctx;
  for (uint32_t i = 0; i < size; ++i)
    sum += (uint64_t)at(in, i)->field[1];
  b->sum += sum;
  return SAGE_OK;
}

static sage_status sum_prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  bench_op* b = self;
  (void)handle;
  b->metrics->add(b->metrics->counter(ctx, "sum", NULL, NULL), b->sum);
  return SAGE_OK;
}

static sage_status sum_commit(void* self, sage_ctx* ctx, sage_bytes handle) {
  (void)self;
  (void)ctx;
  (void)handle;
  return SAGE_OK;
}

/* ---- pace: `rate` records a second, a = when it was emitted, b = a number ---- */

static sage_status pace_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  bench_op* b = self;
  const int64_t now = now_ns();
  if (b->due_ns == 0)
    b->due_ns = now;
  for (uint32_t i = 0; i < max && b->due_ns <= now; ++i, b->due_ns += b->gap_ns) {
    bench_record r = {{now_ns(), b->next, 0, 0, 0, 0, 0, 0}};
    if (b->next >= b->end)
      return SAGE_END;
    const sage_status s = out->emit(out, 0, now, &r, sizeof r);
    if (s != SAGE_OK)
      return s;
    b->next += b->step;
  }
  b->wait->delay(ctx, b->due_ns > now ? b->due_ns - now : 1);
  return SAGE_IDLE;
}

/* ---- lag: how long records were on their way ---- */

static sage_status lag_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  bench_op* b = self;
  const int64_t now = now_ns();
  (void)ctx;
  for (uint32_t i = 0; i < size_of(in); ++i) {
    if (b->n_lags == b->room) {
      b->room = 2 * b->room + 1024;
      b->lags = realloc(b->lags, b->room * sizeof *b->lags);
      if (b->lags == NULL)
        return SAGE_E_NOMEM;
    }
    b->lags[b->n_lags++] = now - at(in, i)->field[0];
  }
  return SAGE_OK;
}

static int less(const void* x, const void* y) {
  const int64_t a = *(const int64_t*)x;
  const int64_t b = *(const int64_t*)y;
  return (a > b) - (a < b);
}

static sage_status lag_prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  static const struct {
    const char* name;
    double share;
  } kinds[] = {{"p50", 0.5}, {"p99", 0.99}, {"p999", 0.999}};
  bench_op* b = self;
  (void)handle;
  if (b->n_lags == 0)
    return SAGE_OK;
  qsort(b->lags, b->n_lags, sizeof *b->lags, less);
  for (int i = 0; i < 3; ++i) {
    const uint64_t place = (uint64_t)(kinds[i].share * (double)(b->n_lags - 1));
    b->metrics->set(b->metrics->gauge(ctx, kinds[i].name, "ns", NULL), (double)b->lags[place]);
  }
  return SAGE_OK;
}

/* ---- tables ---- */

static const sage_field fields[] = {
    {"a", SAGE_INT64, 0}, {"b", SAGE_INT64, 0}, {"c", SAGE_INT64, 0}, {"d", SAGE_INT64, 0},
    {"e", SAGE_INT64, 0}, {"f", SAGE_INT64, 0}, {"g", SAGE_INT64, 0}, {"h", SAGE_INT64, 0}};
static const sage_port port = {sizeof port, BENCH_FIELDS, "records", fields};
static const sage_port* const ports[] = {&port};
static const sage_option opt_count = {sizeof opt_count, SAGE_OPT_INT, 0,    0, "count",
                                      "how many",       "0",          NULL, 0, 0};
static const sage_option opt_rate = {sizeof opt_rate, SAGE_OPT_INT, 0,    0, "rate",
                                     "a second",      "0",          NULL, 0, 0};
static const sage_option* const options[] = {&opt_count, &opt_rate};

static const sage_role_source records_role = {sizeof records_role, 0, records_poll};
static const sage_role_source pace_role = {sizeof pace_role, 0, pace_poll};
static const sage_role_filter keep_role = {sizeof keep_role, 0, keep_select};
static const sage_role_transform bump_role = {sizeof bump_role, 0, bump_process, NULL};
static const sage_role_transform shift_role = {sizeof shift_role, 0, shift_process, NULL};
static const sage_role_transform pass_role = {sizeof pass_role, 0, pass_process, NULL};
static const sage_role_sink sum_role = {sizeof sum_role, 0,          sum_write,
                                        sum_prepare,     sum_commit, NULL};
static const sage_role_sink lag_role = {sizeof lag_role, 0,          lag_write,
                                        lag_prepare,     sum_commit, NULL};

static const struct {
  const char* op;
  const char* role;
  const void* table;
} roles[] = {
    {"records", SAGE_ROLE_SOURCE, &records_role}, {"pace", SAGE_ROLE_SOURCE, &pace_role},
    {"keep", SAGE_ROLE_FILTER, &keep_role},       {"bump", SAGE_ROLE_TRANSFORM, &bump_role},
    {"shift", SAGE_ROLE_TRANSFORM, &shift_role},  {"pass", SAGE_ROLE_TRANSFORM, &pass_role},
    {"sum", SAGE_ROLE_SINK, &sum_role},           {"lag", SAGE_ROLE_SINK, &lag_role}};

static const void* role(const sage_operator* op, const char* id) {
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; ++i) {
    if (strcmp(op->id, roles[i].op) == 0 && strcmp(id, roles[i].role) == 0)
      return roles[i].table;
  }
  return NULL;
}

#define OPERATOR(var, kind_, traits_, name, n_in, n_out)                                  \
  static const sage_operator var = {sizeof var, kind_, traits_, name,   "for benchmarks", \
                                    NULL,       n_in,  n_out,   ports,  ports,            \
                                    2,          0,     options, create, NULL,             \
                                    NULL,       NULL,  destroy, NULL,   role}
OPERATOR(op_records, SAGE_KIND_SOURCE, 0, "records", 0, 1);
OPERATOR(op_pace, SAGE_KIND_SOURCE, 0, "pace", 0, 1);
OPERATOR(op_keep, SAGE_KIND_FILTER, SAGE_TRAIT_SELECTION, "keep", 1, 1);
OPERATOR(op_bump, SAGE_KIND_MAP, SAGE_TRAIT_SELECTION | SAGE_TRAIT_IN_PLACE, "bump", 1, 1);
OPERATOR(op_shift, SAGE_KIND_MAP, 0, "shift", 1, 1);
OPERATOR(op_pass, SAGE_KIND_MAP, SAGE_TRAIT_SELECTION, "pass", 1, 1);
OPERATOR(op_sum, SAGE_KIND_SINK, SAGE_TRAIT_SELECTION, "sum", 1, 0);
OPERATOR(op_lag, SAGE_KIND_SINK, SAGE_TRAIT_SELECTION, "lag", 1, 0);
static const sage_operator* const operators[] = {&op_records, &op_pace, &op_keep, &op_bump,
                                                 &op_shift,   &op_pass, &op_sum,  &op_lag};

static const sage_plugin plugin = {sizeof plugin,
                                   SAGE_ABI_VERSION,
                                   SAGE_ABI(1, 0),
                                   0,
                                   "bench",
                                   "1.0.0",
                                   "Operators for benchmarks",
                                   NULL,
                                   NULL,
                                   NULL,
                                   8,
                                   0,
                                   operators,
                                   NULL,
                                   NULL};

const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &plugin;
}
