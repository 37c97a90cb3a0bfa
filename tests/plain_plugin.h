/* What the test plugins in plain C have in common: reading an option, a sink that has nothing to
 * make durable, the descriptor. To be included behind the operators' own headers. */
#ifndef SAGE_TESTS_PLAIN_PLUGIN_H
#define SAGE_TESTS_PLAIN_PLUGIN_H

#include <sage/ext/config.h>
#include <sage/ext/roles.h>

static inline int64_t int_option(const struct sage_config* c, const char* name) {
  const sage_value* v = c->get(c, name);
  return v == NULL ? 0 : c->as_int(v);
}

static inline sage_status prepare_nothing(void* self, sage_ctx* ctx, sage_bytes* handle) {
  (void)self;
  (void)ctx;
  (void)handle;
  return SAGE_OK;
}

static inline sage_status commit_nothing(void* self, sage_ctx* ctx, sage_bytes handle) {
  (void)self;
  (void)ctx;
  (void)handle;
  return SAGE_OK;
}

/* The plugin's one entry; `operators` is its array of them. */
#define PLAIN_PLUGIN(id, summary, operators)                                       \
  static const sage_plugin plain_plugin = {sizeof plain_plugin,                    \
                                           SAGE_ABI_VERSION,                       \
                                           SAGE_ABI(1, 0),                         \
                                           0,                                      \
                                           id,                                     \
                                           "1.0.0",                                \
                                           summary,                                \
                                           NULL,                                   \
                                           NULL,                                   \
                                           NULL,                                   \
                                           sizeof operators / sizeof operators[0], \
                                           0,                                      \
                                           operators,                              \
                                           NULL,                                   \
                                           NULL};                                  \
  const sage_plugin* sage_plugin_main_v1(const sage_host* host) {                  \
    (void)host;                                                                    \
    return &plain_plugin;                                                          \
  }

#endif
