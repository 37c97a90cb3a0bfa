/* @NAME@/count, a source: counts from one number to another. What the calls mean, and who makes
 * them, is told by <sage/plugin.h> and <sage/ext/roles.h>. */
#include <sage/ext/config.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

/* Who this is, where the engine reads it without running any code of ours. Must say what the
 * description at the end of the file says. */
SAGE_NOTE("@NAME@", "0.1.0");

/* One for each parallel instance, never entered by two threads at once. They share the numbers out
 * among them. */
typedef struct count {
  int64_t next;
  int64_t last;
  int64_t step;
} count;

/* [control] Before anything runs: which fields come out? A source that never ends calls
 * set_unbounded here. */
static sage_status resolve(const sage_operator* table, const struct sage_config* config,
                           sage_resolve* to) {
  static const sage_field n = {.name = "n", .type = SAGE_INT64};
  (void)table;
  if (config->as_int(config->get(config, "from")) > config->as_int(config->get(config, "to"))) {
    to->error(to, "to", "the last number comes before the first", NULL);
  }
  return to->set_output(to, 0, &n, 1);
}

/* [control] What it reads of the options must be copied, for they end with this call. */
static sage_status create(const sage_operator* table, sage_ctx* ctx,
                          const struct sage_config* config, void** self) {
  count* made = calloc(1, sizeof *made);
  (void)table;
  if (made == NULL) {
    return SAGE_E_NOMEM;
  }
  made->next = config->as_int(config->get(config, "from")) + ctx->subtask;
  made->last = config->as_int(config->get(config, "to"));
  made->step = ctx->parallelism;
  *self = made;
  return SAGE_OK;
}

static void destroy(void* self) { free(self); }

/* [task] Gives about `max` records and returns; must not wait. SAGE_IDLE would mean: nothing now,
 * ask again later (see <sage/ext/wait.h>). A record of one number is that number. */
static sage_status poll(void* self, sage_ctx* ctx, uint32_t max, sage_out* out) {
  count* me = self;
  (void)ctx;
  for (uint32_t i = 0; i < max && me->next <= me->last; ++i) {
    const sage_status status = out->emit(out, 0, SAGE_NO_TS, &me->next, sizeof me->next);
    if (status == SAGE_E_FULL) {
      return SAGE_OK; /* the rest in the next call */
    }
    if (status != SAGE_OK) {
      return status;
    }
    me->next += me->step;
  }
  return me->next > me->last ? SAGE_END : SAGE_OK;
}

static const sage_role_source source = {.struct_size = sizeof source, .poll = poll};
static const sage_role_schema schema_role = {.struct_size = sizeof schema_role, .resolve = resolve};

/* What the operator can do is asked for by name; NULL means that it cannot. */
static const void* get_role(const sage_operator* table, const char* id) {
  (void)table;
  if (strcmp(id, SAGE_ROLE_SCHEMA) == 0) {
    return &schema_role;
  }
  return strcmp(id, SAGE_ROLE_SOURCE) == 0 ? &source : NULL;
}

/* The descriptions. Every table begins with its size, so that either side may be the older one. */
static const sage_port port = {.struct_size = sizeof port, .name = "numbers"};
static const sage_port* const ports[] = {&port};

static const sage_option from_option = {.struct_size = sizeof from_option,
                                        .type = SAGE_OPT_INT,
                                        .flags = SAGE_OPT_MIN | SAGE_OPT_MAX,
                                        .name = "from",
                                        .help = "the first number",
                                        .default_value = "1",
                                        .minimum = 0,
                                        .maximum = 1e15};
static const sage_option to_option = {.struct_size = sizeof to_option,
                                      .type = SAGE_OPT_INT,
                                      .flags = SAGE_OPT_MIN | SAGE_OPT_MAX,
                                      .name = "to",
                                      .help = "the last number",
                                      .default_value = "10",
                                      .minimum = 0,
                                      .maximum = 1e15};
static const sage_option* const options[] = {&from_option, &to_option};

static const sage_operator count_operator = {.struct_size = sizeof count_operator,
                                             .kind = SAGE_KIND_SOURCE,
                                             .id = "count",
                                             .summary = "Counts from one number to another",
                                             .n_outputs = 1,
                                             .outputs = ports,
                                             .n_options = 2,
                                             .options = options,
                                             .create = create,
                                             .destroy = destroy,
                                             .get_role = get_role};
static const sage_operator* const operators[] = {&count_operator};
static const sage_plugin plugin = {.struct_size = sizeof plugin,
                                   .abi_built = SAGE_ABI_VERSION,
                                   .abi_min = SAGE_ABI(1, 0),
                                   .id = "@NAME@",
                                   .version = "0.1.0",
                                   .summary = "A plugin with a source",
                                   .n_operators = 1,
                                   .operators = operators};

/* The one symbol that the file exports. NULL would mean that it refuses to work with this host. */
const sage_plugin* sage_plugin_main_v1(const sage_host* host) {
  (void)host;
  return &plugin;
}
