/* The tables of the plugin `bench`, and what all of its operators share. */
#include "ops.h"

#include "plain_plugin.h"

#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

SAGE_NOTE("bench", "1.0.0");

static int64_t option(const struct sage_config* c, const char* name) {
  const sage_value* v = c->get(c, name);
  return v == NULL ? 0 : c->as_int(v);
}

static sage_status create(const sage_operator* op, sage_ctx* ctx, const struct sage_config* c,
                          void** self) {
  bench* b = calloc(1, sizeof *b);
  uint64_t* delays = calloc(DELAY_CELLS, sizeof *delays);
  (void)op;
  if (b == NULL || delays == NULL) {
    free(b);
    free(delays);
    return SAGE_E_NOMEM;
  }
  b->end = option(c, "count");
  b->keys = option(c, "keys");
  b->rate = option(c, "rate");
  b->delays = delays;
  b->metrics = ctx->get_interface(ctx, SAGE_HOST_METRICS);
  b->wait = ctx->get_interface(ctx, SAGE_HOST_WAIT);
  *self = b;
  return SAGE_OK;
}

static void destroy(void* self) {
  free(((bench*)self)->delays);
  free(self);
}

static sage_status commit(void* self, sage_ctx* ctx, sage_bytes handle) {
  (void)self;
  (void)ctx;
  (void)handle;
  return SAGE_OK;
}

#define FIELD(name) {name, SAGE_INT64, 0}
static const sage_field row_fields[] = {FIELD("seq"), FIELD("value"), FIELD("c"), FIELD("d"),
                                        FIELD("e"),   FIELD("f"),     FIELD("g"), FIELD("h")};
static const sage_field event_fields[] = {FIELD("key"), FIELD("value")};
static const sage_field paced_fields[] = {FIELD("first"), FIELD("second"), FIELD("born")};
static const sage_port row_port = {sizeof row_port, 8, "out", row_fields};
static const sage_port pair_port = {sizeof pair_port, 2, "out", row_fields};
static const sage_port event_port = {sizeof event_port, 2, "out", event_fields};
static const sage_port paced_port = {sizeof paced_port, 3, "out", paced_fields};
static const sage_port any_port = {sizeof any_port, 0, "any", NULL};
static const sage_port* const rows_out[] = {&row_port};
static const sage_port* const pair_out[] = {&pair_port};
static const sage_port* const events_out[] = {&event_port};
static const sage_port* const paced_out[] = {&paced_port};
static const sage_port* const any[] = {&any_port};

#define OPTION(var, name, text)                                                    \
  static const sage_option var = {sizeof var, SAGE_OPT_INT, SAGE_OPT_MIN, 0, name, \
                                  text,       "1",          NULL,         1, 0}
OPTION(opt_count, "count", "how many records");
OPTION(opt_keys, "keys", "of so many keys");
OPTION(opt_rate, "rate", "records a second");
static const sage_option* const options[] = {&opt_count, &opt_keys, &opt_rate};

static const sage_role_source rows_role = {sizeof rows_role, 0, rows_poll};
static const sage_role_source events_role = {sizeof events_role, 0, events_poll};
static const sage_role_source pace_role = {sizeof pace_role, 0, pace_poll};
static const sage_role_filter keep_role = {sizeof keep_role, 0, keep_select};
static const sage_role_transform raise_role = {sizeof raise_role, 0, raise_process, NULL};
static const sage_role_transform pair_role = {sizeof pair_role, 0, pair_process, NULL};
static const sage_role_transform bump_role = {sizeof bump_role, 0, bump_process, NULL};
static const sage_role_sink sum_role = {sizeof sum_role, 0, sum_write, sum_prepare, commit, NULL};
static const sage_role_sink delays_role = {sizeof delays_role, 0,      delays_write,
                                           delays_prepare,     commit, NULL};

static const struct {
  const char* op;
  const char* role;
  const void* table;
} roles[] = {
    {"rows", SAGE_ROLE_SOURCE, &rows_role},      {"events", SAGE_ROLE_SOURCE, &events_role},
    {"pace", SAGE_ROLE_SOURCE, &pace_role},      {"keep", SAGE_ROLE_FILTER, &keep_role},
    {"raise", SAGE_ROLE_TRANSFORM, &raise_role}, {"pair", SAGE_ROLE_TRANSFORM, &pair_role},
    {"bump", SAGE_ROLE_TRANSFORM, &bump_role},   {"sum", SAGE_ROLE_SINK, &sum_role},
    {"delays", SAGE_ROLE_SINK, &delays_role},
};

static const void* role(const sage_operator* op, const char* id) {
  for (size_t i = 0; i < sizeof roles / sizeof roles[0]; ++i) {
    if (strcmp(op->id, roles[i].op) == 0 && strcmp(id, roles[i].role) == 0)
      return roles[i].table;
  }
  return NULL;
}

/* Options are those of sources. */
#define OPERATOR(var, kind_, traits_, name, n_in, outs, n_out, open_)                         \
  static const sage_operator var = {sizeof var,     kind_, traits_, name,   "for benchmarks", \
                                    NULL,           n_in,  n_out,   any,    outs,             \
                                    (n_in) ? 0 : 3, 0,     options, create, open_,            \
                                    NULL,           NULL,  destroy, NULL,   role}
#define SELECTS SAGE_TRAIT_SELECTION
OPERATOR(op_rows, SAGE_KIND_SOURCE, 0, "rows", 0, rows_out, 1, NULL);
OPERATOR(op_events, SAGE_KIND_SOURCE, 0, "events", 0, events_out, 1, NULL);
OPERATOR(op_pace, SAGE_KIND_SOURCE, 0, "pace", 0, paced_out, 1, NULL);
OPERATOR(op_keep, SAGE_KIND_FILTER, SELECTS, "keep", 1, any, 1, NULL);
OPERATOR(op_raise, SAGE_KIND_MAP, SELECTS | SAGE_TRAIT_IN_PLACE, "raise", 1, any, 1, NULL);
OPERATOR(op_pair, SAGE_KIND_MAP, SELECTS, "pair", 1, pair_out, 1, NULL);
OPERATOR(op_bump, SAGE_KIND_KEYED, SELECTS | SAGE_TRAIT_NEEDS_KEY, "bump", 1, any, 1, bump_open);
OPERATOR(op_sum, SAGE_KIND_SINK, SELECTS, "sum", 1, NULL, 0, NULL);
OPERATOR(op_delays, SAGE_KIND_SINK, SELECTS, "delays", 1, NULL, 0, NULL);
static const sage_operator* const operators[] = {
    &op_rows, &op_events, &op_pace, &op_keep, &op_raise, &op_pair, &op_bump, &op_sum, &op_delays};

PLAIN_PLUGIN("bench", "Operators for benchmarks", operators)
