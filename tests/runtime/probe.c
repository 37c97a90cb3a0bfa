/* Operators for tests, in plain C against the ABI: a source of numbers, a map, a sink that adds up
 * what it sees, an operator that misbehaves to order, a partitioner, a keyed sum. */
#include "plain_plugin.h"

#include <sage/ext/config.h>
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>
#include <sage/ext/state.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

SAGE_NOTE("probe", "1.0.0");

typedef struct {
  int64_t n;   /* the number */
  int64_t key; /* n % keys */
} row;

typedef struct {
  sage_ctx* ctx;
  int64_t next, end, step, keys;
  int64_t every, copies;
  char what[32];
  sage_metric *count, *sum, *squares;
  const sage_metrics_api* metrics;
  const sage_state_api* state_api;
  sage_state* state;
  uint64_t cursor;
  int64_t i, seen, copied;
  const sage_batch* in;
} probe;

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* c,
                          void** self) {
  probe* p = calloc(1, sizeof *p);
  (void)op;
  if (p == NULL)
    return SAGE_E_NOMEM;
  p->ctx = ctx;
  p->next = ctx->subtask;
  p->step = ctx->parallelism;
  p->end = int_option(c, "count");
  p->keys = int_option(c, "keys");
  p->every = int_option(c, "every");
  p->copies = int_option(c, "copies");
  const sage_value* what = c->get(c, "what");
  if (what != NULL) {
    sage_bytes text = c->as_text(what);
    memcpy(p->what, text.ptr, text.len < 31 ? text.len : 31);
  }
  *self = p;
  return SAGE_OK;
}

static void destroy(void* self) { free(self); }

static uint32_t size_of(const sage_batch* in) { return in->rows == NULL ? in->count : in->n_rows; }

static const row* row_at(const sage_batch* in, uint32_t i) {
  const sage_record* r = &in->records[in->rows == NULL ? i : in->rows[i]];
  return (const row*)(const void*)(in->buffers[r->buf].data + r->off);
}

static sage_status put(sage_out* out, int64_t n, int64_t key) {
  const row r = {n, key};
  return out->emit(out, 0, n, &r, sizeof r);
}

/* ---- numbers: 0 .. count-1, instance i gives every parallelism-th ---- */

static sage_status numbers_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  probe* p = self;
  (void)ctx;
  for (uint32_t i = 0; i < max; ++i) {
    if (p->next >= p->end)
      return SAGE_END;
    const sage_status s = put(out, p->next, p->keys > 0 ? p->next % p->keys : 0);
    if (s != SAGE_OK)
      return s;
    p->next += p->step;
  }
  return SAGE_OK;
}

/* ---- add: n + 1, through the slab ---- */

static sage_status add_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  sage_slab slab = {sizeof slab, 0, NULL, 0, 0, NULL, 0, 0};
  (void)self;
  (void)ctx;
  if (in->count == 0)
    return SAGE_OK;
  const sage_status s = out->reserve(out, 0, in->count, in->count * sizeof(row), &slab);
  if (s != SAGE_OK)
    return s;
  for (uint32_t i = 0; i < in->count; ++i) {
    const row* r = row_at(in, i);
    const row made = {r->n + 1, r->key};
    const uint64_t off = slab.offset + i * sizeof(row);
    memcpy(slab.data + off, &made, sizeof made);
    slab.records[i] = in->records[i];
    slab.records[i].off = (uint32_t)off;
    slab.records[i].len = sizeof made;
    slab.records[i].buf = slab.buf;
  }
  return out->commit(out, 0, in->count, slab.offset + in->count * sizeof(row));
}

/* ---- even: a filter that keeps every `every`-th number, or second ----
 * Takes a selection, as tally and misbehave do. */

static sage_status even_select(void* self, sage_ctx* ctx, const sage_batch* in, uint64_t* keep) {
  const probe* p = self;
  const int64_t every = p->every > 0 ? p->every : 2;
  (void)ctx;
  for (uint32_t i = 0; i < size_of(in); ++i) {
    if (row_at(in, i)->n % every == 0)
      keep[i / 64] |= (uint64_t)1 << (i % 64);
  }
  return SAGE_OK;
}

/* ---- tally: counts and adds up ---- */

static sage_status tally_open(void* self, sage_ctx* ctx) {
  probe* p = self;
  p->metrics = ctx->get_interface(ctx, SAGE_HOST_METRICS);
  p->count = p->metrics->counter(ctx, "count", NULL, NULL);
  p->sum = p->metrics->counter(ctx, "sum", NULL, NULL);
  p->squares = p->metrics->counter(ctx, "squares", NULL, NULL);
  return SAGE_OK;
}

static sage_status tally_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  probe* p = self;
  (void)ctx;
  for (uint32_t i = 0; i < size_of(in); ++i) {
    const uint64_t n = (uint64_t)row_at(in, i)->n;
    p->metrics->add(p->count, 1);
    p->metrics->add(p->sum, n);
    p->metrics->add(p->squares, n * n * 2654435761u + (uint64_t)row_at(in, i)->key);
  }
  return SAGE_OK;
}

/* ---- misbehave: on every `every`-th record does `what` ---- */

static sage_status explode(probe* p, sage_out* out, const row* r) {
  while (p->copied < p->copies) {
    const sage_status s = put(out, r->n, r->key);
    if (s != SAGE_OK)
      return s;
    ++p->copied;
    if (out->emitted(out) > (1u << 20))
      return SAGE_MORE;
  }
  p->copied = 0;
  return SAGE_OK;
}

static sage_status misbehave_one(probe* p, sage_ctx* ctx, uint32_t index, sage_out* out) {
  static const sage_bytes none = {NULL, 0};
  const row* r = row_at(p->in, index);
  const int due = p->every > 0 && r->n % p->every == p->every - 1;
  if (!due || strcmp(p->what, "nothing") == 0)
    return put(out, r->n, r->key);
  if (strcmp(p->what, "reject") == 0) {
    return ctx->reject(ctx, index, none, SAGE_E_DATA, "told to reject", 14) == SAGE_OK
               ? SAGE_OK
               : SAGE_E_CANCELLED;
  }
  if (strcmp(p->what, "fail") == 0) {
    ctx->set_error(ctx, "told to fail", 12);
    return SAGE_E_FAIL;
  }
  if (strcmp(p->what, "hang") == 0) { /* until it is cancelled */
    const struct timespec nap = {0, 1000000};
    while (__atomic_load_n(ctx->cancel, __ATOMIC_RELAXED) == 0)
      nanosleep(&nap, NULL);
    return SAGE_E_CANCELLED;
  }
  if (strcmp(p->what, "retry") == 0)
    return SAGE_E_RETRY;
  if (strcmp(p->what, "explode") == 0)
    return explode(p, out, r);
  if (strcmp(p->what, "verdict") == 0)
    return 77;
  if (strcmp(p->what, "overlap") == 0) {
    sage_slab slab = {sizeof slab, 0, NULL, 0, 0, NULL, 0, 0};
    out->reserve(out, 0, 1, 16, &slab);
    slab.records[0].off = 0xfffffff0u;
    slab.records[0].len = 16;
    return out->commit(out, 0, 1, slab.offset + 16);
  }
  return SAGE_OK; /* swallow */
}

static sage_status misbehave_process(void* self, sage_ctx* ctx, const sage_batch* in,
                                     sage_out* out) {
  probe* p = self;
  if (in != NULL) {
    p->in = in;
    p->i = 0;
  }
  for (; p->i < size_of(p->in); ++p->i) {
    const sage_status s = misbehave_one(p, ctx, (uint32_t)p->i, out);
    if (s != SAGE_OK)
      return s;
  }
  return SAGE_OK;
}

/* ---- route: by key, or out of range where told ---- */

static sage_status route_route(void* self, sage_ctx* ctx, const sage_batch* in, uint32_t n,
                               uint32_t* target) {
  probe* p = self;
  (void)ctx;
  for (uint32_t i = 0; i < in->count; ++i) {
    const row* r = row_at(in, i);
    const int due = p->every > 0 && r->n % p->every == p->every - 1;
    target[i] = due ? n : (uint32_t)(r->key % n);
  }
  return SAGE_OK;
}

/* ---- total: keyed sum of n, given at the end ---- */

static sage_status total_open(void* self, sage_ctx* ctx) {
  probe* p = self;
  const sage_state_desc desc = {sizeof desc, SAGE_STATE_SLOT, "total", 8, 0};
  p->state_api = ctx->get_interface(ctx, SAGE_HOST_STATE);
  if (p->state_api == NULL)
    return SAGE_E_UNSUPPORTED;
  return p->state_api->open(ctx, &desc, &p->state);
}

static sage_status total_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  probe* p = self;
  (void)ctx;
  (void)out;
  for (uint32_t i = 0; i < in->count; ++i) {
    void* slot = NULL;
    const sage_status s = p->state_api->slot(p->state, in, i, &slot);
    if (s != SAGE_OK)
      return s;
    *(int64_t*)slot += row_at(in, i)->n;
  }
  return SAGE_OK;
}

static sage_status total_finish(void* self, sage_ctx* ctx, sage_out* out) {
  probe* p = self;
  sage_bytes key;
  void* slot = NULL;
  (void)ctx;
  while (p->state_api->scan(p->state, &p->cursor, 1, &key, &slot) == 1) {
    int64_t k = 0;
    memcpy(&k, key.ptr, 8);
    const sage_status s = put(out, *(int64_t*)slot, k);
    if (s != SAGE_OK)
      return s;
    if (out->emitted(out) > (1u << 20))
      return SAGE_MORE;
  }
  return SAGE_OK;
}

/* ---- tables ---- */

static const sage_field row_fields[] = {{"n", SAGE_INT64, 0}, {"key", SAGE_INT64, 0}};
static const sage_port row_port = {sizeof row_port, 2, "rows", row_fields};
static const sage_port* const row_ports[] = {&row_port};

#define INT_OPTION(var, id, text, value) \
  static const sage_option var = {sizeof var, SAGE_OPT_INT, 0, 0, id, text, value, NULL, 0, 0}
INT_OPTION(opt_count, "count", "how many numbers", "0");
INT_OPTION(opt_keys, "keys", "how many keys", "0");
INT_OPTION(opt_every, "every", "misbehave on every so many-th number", "0");
INT_OPTION(opt_copies, "copies", "explode: so many copies", "0");
static const sage_option opt_what = {sizeof opt_what, SAGE_OPT_TEXT, 0,    0, "what",
                                     "what to do",    "\"nothing\"", NULL, 0, 0};
static const sage_option* const numbers_options[] = {&opt_count, &opt_keys};
static const sage_option* const misbehave_options[] = {&opt_every, &opt_copies, &opt_what};
static const sage_option* const route_options[] = {&opt_every};

static const sage_role_source numbers_role = {sizeof numbers_role, 0, numbers_poll};
static const sage_role_transform add_role = {sizeof add_role, 0, add_process, NULL};
static const sage_role_transform misbehave_role = {sizeof misbehave_role, 0, misbehave_process,
                                                   NULL};
static const sage_role_transform total_role = {sizeof total_role, 0, total_process, NULL};
static const sage_role_filter even_role = {sizeof even_role, 0, even_select};
static const sage_role_partition route_role = {sizeof route_role, 0, route_route};
static const sage_role_sink tally_role = {sizeof tally_role, 0,   tally_write, prepare_nothing,
                                          commit_nothing,    NULL};

static const void* role(const sage_operator* op, const char* id) {
  if (strcmp(op->id, "numbers") == 0 && strcmp(id, SAGE_ROLE_SOURCE) == 0)
    return &numbers_role;
  if (strcmp(op->id, "add") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &add_role;
  if (strcmp(op->id, "misbehave") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &misbehave_role;
  if (strcmp(op->id, "total") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &total_role;
  if (strcmp(op->id, "even") == 0 && strcmp(id, SAGE_ROLE_FILTER) == 0)
    return &even_role;
  if (strcmp(op->id, "route") == 0 && strcmp(id, SAGE_ROLE_PARTITION) == 0)
    return &route_role;
  if (strcmp(op->id, "tally") == 0 && strcmp(id, SAGE_ROLE_SINK) == 0)
    return &tally_role;
  return NULL;
}

#define OPERATOR(var, kind_, traits_, name, n_in, n_out, n_opt, opts, open_, finish_)   \
  static const sage_operator var = {sizeof var, kind_, traits_, name,      "for tests", \
                                    NULL,       n_in,  n_out,   row_ports, row_ports,   \
                                    n_opt,      0,     opts,    create,    open_,       \
                                    finish_,    NULL,  destroy, NULL,      role}
OPERATOR(op_numbers, SAGE_KIND_SOURCE, 0, "numbers", 0, 1, 2, numbers_options, NULL, NULL);
OPERATOR(op_add, SAGE_KIND_MAP, 0, "add", 1, 1, 0, NULL, NULL, NULL);
OPERATOR(op_even, SAGE_KIND_FILTER, SAGE_TRAIT_SELECTION, "even", 1, 1, 1, route_options, NULL,
         NULL);
OPERATOR(op_misbehave, SAGE_KIND_FLATMAP, SAGE_TRAIT_SELECTION, "misbehave", 1, 1, 3,
         misbehave_options, NULL, NULL);
OPERATOR(op_total, SAGE_KIND_KEYED, SAGE_TRAIT_NEEDS_KEY, "total", 1, 1, 0, NULL, total_open,
         total_finish);
OPERATOR(op_route, SAGE_KIND_PARTITIONER, 0, "route", 1, 0, 1, route_options, NULL, NULL);
OPERATOR(op_tally, SAGE_KIND_SINK, SAGE_TRAIT_SELECTION, "tally", 1, 0, 0, NULL, tally_open, NULL);
static const sage_operator* const operators[] = {&op_numbers, &op_add,   &op_even, &op_misbehave,
                                                 &op_total,   &op_route, &op_tally};

PLAIN_PLUGIN("probe", "Operators for tests", operators)
