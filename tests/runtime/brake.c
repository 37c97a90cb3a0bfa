/* Operators for tests of back-pressure: a source of records of any size and one that goes quiet,
 * a pass and a sink that take their time. Rows begin with the number n. */
#include "plain_plugin.h"

#include <sage/ext/config.h>
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>
#include <sage/ext/wait.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

SAGE_NOTE("brake", "1.0.0");

typedef struct {
  int64_t next, end, step, bytes; /* big */
  int64_t ns, each, seen;         /* pass and sink: sleep so long for every `each`-th record */
  const sage_metrics_api* metrics;
  sage_metric *count, *sum;
} brake;

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* c,
                          void** self) {
  brake* b = calloc(1, sizeof *b);
  (void)op;
  if (b == NULL)
    return SAGE_E_NOMEM;
  b->next = ctx->subtask;
  b->step = ctx->parallelism;
  b->end = int_option(c, "count");
  b->bytes = int_option(c, "bytes");
  b->ns = 1000 * int_option(c, "us");
  b->each = int_option(c, "each");
  *self = b;
  return SAGE_OK;
}

static void destroy(void* self) { free(self); }

/* ---- big: the numbers 0 .. count-1, each with `bytes` bytes behind it ---- */

static sage_status put_big(brake* b, sage_out* out) {
  const uint64_t padded = ((uint64_t)b->bytes + 7) / 8 * 8;
  const uint64_t list = 1 | ((uint64_t)2 << 32) | ((uint64_t)b->bytes << 35);
  sage_slab slab = {sizeof slab, 0, NULL, 0, 0, NULL, 0, 0};
  const sage_status s = out->reserve(out, 0, 1, 16 + padded, &slab);
  if (s != SAGE_OK)
    return s;
  uint8_t* at = slab.data + slab.offset;
  memcpy(at, &b->next, 8);
  memcpy(at + 8, &list, 8);
  memset(at + 16, (int)(b->next % 256), padded);
  const sage_record r = {b->next, 0, (uint32_t)slab.offset, (uint32_t)(16 + padded), slab.buf, 0};
  slab.records[0] = r;
  return out->commit(out, 0, 1, slab.offset + 16 + padded);
}

static sage_status big_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  brake* b = self;
  (void)ctx;
  for (uint32_t i = 0; i < max && out->emitted(out) < (1u << 16); ++i) {
    if (b->next >= b->end)
      return SAGE_END;
    const sage_status s = put_big(b, out);
    if (s != SAGE_OK)
      return s;
    b->next += b->step;
  }
  return SAGE_OK;
}

/* ---- quiet: `count` numbers at once, then nothing, for ever; waits to be told so ---- */

static sage_status quiet_poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  brake* b = self;
  const sage_wait_api* wait = ctx->get_interface(ctx, SAGE_HOST_WAIT);
  (void)max;
  for (; b->next < b->end; ++b->next) {
    const int64_t row[2] = {b->next, 0};
    const sage_status s = out->emit(out, 0, b->next, row, sizeof row);
    if (s != SAGE_OK)
      return s;
  }
  wait->delay(ctx, (int64_t)3600 * 1000000000);
  return SAGE_IDLE;
}

/* ---- pass and sink ---- */

static void take_time(brake* b, const sage_batch* in) {
  if (b->each <= 0)
    return;
  const int64_t before = b->seen / b->each;
  b->seen += in->count;
  const int64_t ns = b->ns * (b->seen / b->each - before);
  const struct timespec nap = {ns / 1000000000, ns % 1000000000};
  if (ns > 0)
    nanosleep(&nap, NULL);
}

static sage_status pass_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  (void)ctx;
  (void)out;
  take_time(self, in);
  return SAGE_FORWARD;
}

static sage_status sink_open(void* self, sage_ctx* ctx) {
  brake* b = self;
  b->metrics = ctx->get_interface(ctx, SAGE_HOST_METRICS);
  b->count = b->metrics->counter(ctx, "count", NULL, NULL);
  b->sum = b->metrics->counter(ctx, "sum", NULL, NULL);
  return SAGE_OK;
}

static sage_status sink_write(void* self, sage_ctx* ctx, const sage_batch* in) {
  brake* b = self;
  (void)ctx;
  take_time(b, in);
  for (uint32_t i = 0; i < in->count; ++i) {
    int64_t n = 0;
    memcpy(&n, in->buffers[in->records[i].buf].data + in->records[i].off, 8);
    b->metrics->add(b->sum, (uint64_t)n);
  }
  b->metrics->add(b->count, in->count);
  return SAGE_OK;
}

/* ---- tables ---- */

static const sage_field big_fields[] = {{"n", SAGE_INT64, 0}, {"pad", SAGE_DATA, 0}};
static const sage_port big_port = {sizeof big_port, 2, "rows", big_fields};
static const sage_field row_fields[] = {{"n", SAGE_INT64, 0}, {"key", SAGE_INT64, 0}};
static const sage_port row_port = {sizeof row_port, 2, "rows", row_fields};
static const sage_port any_port = {sizeof any_port, 0, "rows", NULL};
static const sage_port* const big_ports[] = {&big_port};
static const sage_port* const row_ports[] = {&row_port};
static const sage_port* const any_ports[] = {&any_port};

#define INT_OPTION(var, id, text) \
  static const sage_option var = {sizeof var, SAGE_OPT_INT, 0, 0, id, text, "0", NULL, 0, 0}
INT_OPTION(opt_count, "count", "how many records");
INT_OPTION(opt_bytes, "bytes", "of each record");
INT_OPTION(opt_us, "us", "microseconds to sleep");
INT_OPTION(opt_each, "each", "for so many records");
static const sage_option* const big_options[] = {&opt_count, &opt_bytes};
static const sage_option* const slow_options[] = {&opt_us, &opt_each};

static const sage_role_source big_role = {sizeof big_role, 0, big_poll};
static const sage_role_source quiet_role = {sizeof quiet_role, 0, quiet_poll};
static const sage_role_transform pass_role = {sizeof pass_role, 0, pass_process, NULL};
static const sage_role_sink sink_role = {sizeof sink_role, 0,   sink_write, prepare_nothing,
                                         commit_nothing,   NULL};

static const void* role(const sage_operator* op, const char* id) {
  if (strcmp(op->id, "big") == 0 && strcmp(id, SAGE_ROLE_SOURCE) == 0)
    return &big_role;
  if (strcmp(op->id, "quiet") == 0 && strcmp(id, SAGE_ROLE_SOURCE) == 0)
    return &quiet_role;
  if (strcmp(op->id, "pass") == 0 && strcmp(id, SAGE_ROLE_TRANSFORM) == 0)
    return &pass_role;
  if (strcmp(op->id, "sink") == 0 && strcmp(id, SAGE_ROLE_SINK) == 0)
    return &sink_role;
  return NULL;
}

#define OPERATOR(var, kind_, traits_, name, n_in, n_out, ports, n_opt, opts, open_)       \
  static const sage_operator var = {                                                      \
      sizeof var, kind_, traits_, name,   "for tests", NULL, n_in, n_out,   ports, ports, \
      n_opt,      0,     opts,    create, open_,       NULL, NULL, destroy, NULL,  role}
OPERATOR(op_big, SAGE_KIND_SOURCE, 0, "big", 0, 1, big_ports, 2, big_options, NULL);
OPERATOR(op_quiet, SAGE_KIND_SOURCE, 0, "quiet", 0, 1, row_ports, 1, big_options, NULL);
OPERATOR(op_pass, SAGE_KIND_FLATMAP, SAGE_TRAIT_MAY_BLOCK, "pass", 1, 1, any_ports, 2, slow_options,
         NULL);
OPERATOR(op_sink, SAGE_KIND_SINK, SAGE_TRAIT_MAY_BLOCK, "sink", 1, 0, any_ports, 2, slow_options,
         sink_open);
static const sage_operator* const operators[] = {&op_big, &op_quiet, &op_pass, &op_sink};

PLAIN_PLUGIN("brake", "Operators that take their time", operators)
