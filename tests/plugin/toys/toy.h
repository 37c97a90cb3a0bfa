/* A small plugin whose parts can be replaced by defining TOY_* before this is included. */
#include <sage/ext/metrics.h>
#include <sage/ext/roles.h>
#include <sage/note.h>

#include <stdlib.h>
#include <string.h>

#ifndef TOY_ID
#define TOY_ID "toy"
#endif
#ifndef TOY_VERSION
#define TOY_VERSION "1.0.0"
#endif
#ifndef TOY_NOTE_ID
#define TOY_NOTE_ID TOY_ID
#endif
#ifndef TOY_ABI_BUILT
#define TOY_ABI_BUILT SAGE_ABI_VERSION
#endif
#ifndef TOY_ABI_MIN
#define TOY_ABI_MIN SAGE_ABI(1, 0)
#endif
#ifndef TOY_OPERATOR_ID
#define TOY_OPERATOR_ID "tally"
#endif
#ifndef TOY_KIND
#define TOY_KIND SAGE_KIND_MAP
#endif
#ifndef TOY_OPTIONS
#define TOY_OPTIONS 2u
#endif
#ifndef TOY_OPERATORS
#define TOY_OPERATORS 1u
#endif
#ifndef TOY_OUTPUTS
#define TOY_OUTPUTS 1u
#endif
#ifndef TOY_SUMMARY
#define TOY_SUMMARY "a toy"
#endif
#ifndef TOY_PLUGIN_SIZE
#define TOY_PLUGIN_SIZE sizeof(sage_plugin)
#endif
#ifndef TOY_INIT
#define TOY_INIT NULL
#endif
#ifndef TOY_FACTORY
#define TOY_FACTORY NULL
#endif
#ifndef TOY_ENTRY
#define TOY_ENTRY SAGE_EXPORT const sage_plugin* sage_plugin_main_v1
#endif
#ifndef TOY_ANSWER
#define TOY_ANSWER &toy_plugin
#endif

#ifndef TOY_NO_NOTE
__attribute__((section(SAGE_NOTE_SECTION), used, aligned(4))) static const sage_note toy_note = {
    5u,
    (uint32_t)(sizeof(sage_note) - 20u),
    SAGE_NOTE_TYPE,
    "SAGE",
    TOY_ABI_BUILT,
    TOY_ABI_MIN,
    0u,
    TOY_NOTE_ID,
    TOY_VERSION};
#endif

/* How often any instance of this library was called: one number per mapped library. */
#ifndef TOY_COUNT
static uint64_t toy_calls;
#define TOY_COUNT ++toy_calls
#endif

static sage_status toy_create(const sage_operator* op, sage_ctx* ctx,
                              const struct sage_config* config, void** self) {
  (void)op, (void)ctx, (void)config;
  *self = NULL;
  return SAGE_OK;
}

static sage_status toy_process(void* self, sage_ctx* ctx, const sage_batch* in, sage_out* out) {
  const sage_metrics_api* metrics =
      (const sage_metrics_api*)ctx->get_interface(ctx, SAGE_HOST_METRICS);
  (void)self, (void)in, (void)out;
  metrics->set(metrics->gauge(ctx, "calls", NULL, NULL), (double)TOY_COUNT);
  return SAGE_FORWARD;
}

static const void* toy_role(const sage_operator* op, const char* id) {
  static const sage_role_transform kTransform = {sizeof(sage_role_transform), 0, toy_process, NULL};
  (void)op;
  return strcmp(id, SAGE_ROLE_TRANSFORM) == 0 ? &kTransform : NULL;
}

static const sage_port toy_port = {sizeof(sage_port), 0, "", NULL};
static const sage_port* const toy_ports[] = {&toy_port};
static const char* const toy_words[] = {"one", "two"};
static const sage_option toy_word = {sizeof(sage_option),
                                     SAGE_OPT_TEXT,
                                     SAGE_OPT_REQUIRED,
                                     2,
                                     "word",
                                     "a word",
                                     NULL,
                                     toy_words,
                                     0,
                                     0};
static const sage_option toy_number = {sizeof(sage_option), SAGE_OPT_INT, SAGE_OPT_MIN, 0, "number",
                                       "a number",          "7",          NULL,         1, 0};
static const sage_option* const toy_options[] = {&toy_word, &toy_number, NULL};
static const sage_operator toy_operator = {sizeof(sage_operator),
                                           TOY_KIND,
                                           0,
                                           TOY_OPERATOR_ID,
                                           "counts its calls",
                                           NULL,
                                           1,
                                           TOY_OUTPUTS,
                                           toy_ports,
                                           toy_ports,
                                           TOY_OPTIONS,
                                           0,
                                           toy_options,
                                           toy_create,
                                           NULL,
                                           NULL,
                                           NULL,
                                           NULL,
                                           NULL,
                                           toy_role};
static const sage_operator* const toy_operators[] = {&toy_operator, &toy_operator};
static const sage_plugin toy_plugin = {(uint32_t)(TOY_PLUGIN_SIZE),
                                       TOY_ABI_BUILT,
                                       TOY_ABI_MIN,
                                       0,
                                       TOY_ID,
                                       TOY_VERSION,
                                       TOY_SUMMARY,
                                       NULL,
                                       "Apache-2.0",
                                       NULL,
                                       TOY_OPERATORS,
                                       0,
                                       toy_operators,
                                       TOY_INIT,
                                       TOY_FACTORY};

TOY_ENTRY(const sage_host* host) {
  (void)host;
  (void)toy_plugin;
  return TOY_ANSWER;
}
