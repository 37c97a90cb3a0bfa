/* Operators that break the rules, each in the way its option `what` says, and a few that use the
 * rarer parts of the ABI. Rows as those of probe.c: {n, key}. */
#include "plain_plugin.h"

#include <sage/ext/config.h>
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

SAGE_NOTE("rogue", "1.0.0");

typedef struct {
  int64_t n;
  int64_t key;
} row;

typedef struct {
  char what[32];
  int64_t next;
  int calls;
  const sage_batch* in;
  const sage_metrics_api* metrics;
  sage_metric *committed, *aborted;
} rogue;

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* c,
                          void** self) {
  rogue* r = calloc(1, sizeof *r);
  const sage_value* what = c->get(c, "what");
  (void)op;
  (void)ctx;
  if (r == NULL)
    return SAGE_E_NOMEM;
  if (what != NULL) {
    const sage_bytes text = c->as_text(what);
    memcpy(r->what, text.ptr, text.len < 31 ? text.len : 31);
  }
  *self = r;
  return SAGE_OK;
}

static void destroy(void* self) { free(self); }

static sage_status put(sage_out* out, int64_t n) {
  const row made = {n, 0};
  return out->emit(out, 0, n, &made, sizeof made);
}

static int is(const rogue* r, const char* what) { return strcmp(r->what, what) == 0; }

/* ---- pass: gives every record on, after it broke a rule with the first batch ---- */

static sage_status pass_on(const rogue* r, sage_out* out) {
  for (uint32_t i = 0; i < r->in->count; ++i) {
    const sage_record* from = &r->in->records[i];
    const sage_status s =
        out->emit(out, 0, from->ts, r->in->buffers[from->buf].data + from->off, from->len);
    if (s != SAGE_OK)
      return s;
  }
  return SAGE_OK;
}

static sage_status commit_one(sage_out* out, uint32_t size, uint32_t meta) {
  sage_slab slab = {size, 0, NULL, 0, 0, NULL, 0, 0};
  const sage_status s = out->reserve(out, 0, 1, sizeof(row), &slab);
  if (s != SAGE_OK)
    return SAGE_OK; /* as a plugin that does not look */
  memset(slab.data + slab.offset, 0, sizeof(row));
  const sage_record made = {0, 99, (uint32_t)slab.offset, sizeof(row), slab.buf, meta};
  slab.records[0] = made;
  out->commit(out, 0, 1, slab.offset + sizeof(row));
  return SAGE_OK;
}

static sage_status pass_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  static const sage_bytes none = {NULL, 0};
  rogue* r = self;
  if (in != NULL)
    r->in = in;
  ++r->calls;
  if (is(r, "bad index"))
    ctx->reject(ctx, r->in->count, none, SAGE_E_DATA, "x", 1);
  if (is(r, "no index"))
    ctx->reject(ctx, SAGE_NO_INDEX, none, SAGE_E_DATA, "x", 1);
  if (is(r, "forward after output")) {
    put(out, 1);
    return SAGE_FORWARD;
  }
  if (is(r, "forward after reject") && in != NULL) {
    ctx->reject(ctx, 0, none, SAGE_E_DATA, "x", 1);
    return SAGE_MORE;
  }
  if (is(r, "forward after reject"))
    return SAGE_FORWARD;
  if (is(r, "in place"))
    return SAGE_IN_PLACE; /* of a batch that another branch holds, too */
  if (is(r, "retry after more"))
    return in != NULL ? SAGE_MORE : SAGE_E_RETRY;
  if (is(r, "cancelled")) {
    ctx->reject(ctx, 0, none, SAGE_E_DATA, "x", 1);
    return SAGE_E_CANCELLED;
  }
  if (is(r, "more"))
    return SAGE_MORE;
  if (is(r, "meta"))
    return commit_one(out, sizeof(sage_slab), 1);
  if (is(r, "no size"))
    return commit_one(out, 0, 0);
  if (is(r, "mark"))
    out->watermark(out, 0, 1);
  return pass_on(r, out);
}

/* ---- marks: a source of 10 rows that sets a watermark behind every third of them ---- */

static sage_status marks_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  rogue* r = self;
  (void)ctx;
  (void)max;
  for (; r->next < 10; ++r->next) {
    const sage_status s = put(out, r->next);
    if (s != SAGE_OK)
      return s;
    if (r->next % 3 == 2)
      out->watermark(out, 0, r->next);
  }
  out->watermark(out, 0, 0); /* goes back: no effect */
  return SAGE_END;
}

/* ---- echo: 5 rows for every watermark, one a call ---- */

static sage_status echo_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  (void)self;
  (void)ctx;
  (void)in;
  (void)out;
  return SAGE_OK;
}

static sage_status echo_on_watermark(void* self, sage_ctx* ctx, int64_t ts, sage_out* out) {
  rogue* r = self;
  (void)ctx;
  put(out, ts);
  return ++r->calls % 5 == 0 ? SAGE_OK : SAGE_MORE;
}

/* ---- sink: counts commits and aborts; "commit" lets the commit of instance 0 fail ---- */

static sage_status sink_open(void* self, sage_ctx* ctx) {
  rogue* r = self;
  r->metrics = ctx->get_interface(ctx, SAGE_HOST_METRICS);
  r->committed = r->metrics->counter(ctx, "committed", NULL, NULL);
  r->aborted = r->metrics->counter(ctx, "aborted", NULL, NULL);
  return SAGE_OK;
}

static sage_status sink_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  (void)self;
  (void)ctx;
  (void)in;
  return SAGE_OK;
}

static sage_status sink_prepare(void* self, sage_ctx* ctx, sage_bytes* handle) {
  (void)self;
  (void)ctx;
  (void)handle;
  return SAGE_OK;
}

static sage_status sink_commit(void* self, sage_ctx* ctx, sage_bytes handle) {
  rogue* r = self;
  (void)handle;
  if (is(r, "commit") && ctx->subtask == 0)
    return SAGE_E_IO;
  r->metrics->add(r->committed, 1);
  return SAGE_OK;
}

static sage_status sink_abort(void* self, sage_ctx* ctx) {
  rogue* r = self;
  (void)ctx;
  r->metrics->add(r->aborted, 1);
  return SAGE_OK;
}

/* ---- tables ---- */

static const sage_field fields[] = {{"n", SAGE_INT64, 0}, {"key", SAGE_INT64, 0}};
static const sage_port port = {sizeof port, 2, "rows", fields};
static const sage_port* const ports[] = {&port};
static const sage_option what = {sizeof what,  SAGE_OPT_TEXT, 0,    0, "what",
                                 "what to do", "\"nothing\"", NULL, 0, 0};
static const sage_option* const options[] = {&what};

static const sage_role_transform pass_role = {sizeof pass_role, 0, pass_process, NULL};
static const sage_role_transform echo_role = {sizeof echo_role, 0, echo_process, echo_on_watermark};
static const sage_role_source marks_role = {sizeof marks_role, 0, marks_poll};
static const sage_role_sink sink_role = {sizeof sink_role, 0,           sink_write,
                                         sink_prepare,     sink_commit, sink_abort};

static const void* role(const sage_operator* op, const char* id) {
  if (strcmp(op->id, "pass") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &pass_role;
  if (strcmp(op->id, "echo") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &echo_role;
  if (strcmp(op->id, "marks") == 0 && strcmp(id, SAGE_ROLE_SOURCE) == 0)
    return &marks_role;
  if (strcmp(op->id, "sink") == 0 && strcmp(id, SAGE_ROLE_SINK) == 0)
    return &sink_role;
  return NULL;
}

#define OPERATOR(var, kind_, traits_, name, n_in, n_out, open_)                           \
  static const sage_operator var = {                                                      \
      sizeof var, kind_, traits_, name,   "for tests", NULL, n_in, n_out,   ports, ports, \
      1,          0,     options, create, open_,       NULL, NULL, destroy, NULL,  role}
OPERATOR(op_pass, SAGE_KIND_FLATMAP, SAGE_TRAIT_IN_PLACE, "pass", 1, 1, NULL);
OPERATOR(op_echo, SAGE_KIND_FLATMAP, 0, "echo", 1, 1, NULL);
OPERATOR(op_marks, SAGE_KIND_SOURCE, 0, "marks", 0, 1, NULL);
OPERATOR(op_sink, SAGE_KIND_SINK, 0, "sink", 1, 0, sink_open);
static const sage_operator* const operators[] = {&op_pass, &op_echo, &op_marks, &op_sink};

PLAIN_PLUGIN("rogue", "Operators that break rules", operators)
