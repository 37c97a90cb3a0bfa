/* The description of an operator: options, ports, kind, life cycle. Part of <sage/plugin.h>. */
#ifndef SAGE_ABI_OPERATOR_H
#define SAGE_ABI_OPERATOR_H

#include "context.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- L1: grow at the tail ---- */

struct sage_config; /* ext/config.h */

/* What an option of an operator may hold. */
enum {
  SAGE_OPT_BOOL = 1,
  SAGE_OPT_INT = 2,
  SAGE_OPT_FLOAT = 3,
  SAGE_OPT_TEXT = 4,
  SAGE_OPT_DURATION = 5, /* text such as "10s"; read as integer nanoseconds */
  SAGE_OPT_BYTES = 6,    /* text such as "8MB" (10^6) or "8MiB" (2^20), or an integer */
  SAGE_OPT_PATH = 7,
  SAGE_OPT_FIELD = 8,      /* name of a field of input 0; the host checks that it exists */
  SAGE_OPT_EXPRESSION = 9, /* Lua */
  SAGE_OPT_ANY = 10        /* whatever the resolve role accepts */
};
#define SAGE_OPT_REQUIRED 1u
#define SAGE_OPT_SECRET 2u
#define SAGE_OPT_LIST 4u  /* a list of `type` */
#define SAGE_OPT_TABLE 8u /* a table with free keys and values of `type` */
#define SAGE_OPT_MIN 16u  /* `minimum` counts */
#define SAGE_OPT_MAX 32u  /* `maximum` counts */

typedef struct sage_option {
  uint32_t struct_size;
  uint32_t type;  /* SAGE_OPT_BOOL... */
  uint32_t flags; /* SAGE_OPT_REQUIRED... */
  uint32_t n_allowed;
  const char* name;
  const char* help;
  const char* default_value;  /* as written in TOML, e.g. "\"lines\"", "false", NULL = none */
  const char* const* allowed; /* n_allowed texts */
  double minimum;
  double maximum;
} sage_option;

/* A port. Without fields: an input takes every schema, an output has the schema of input 0
 * (or what the schema role says). With fields: an input must have them, an output has just them. */
typedef struct sage_port {
  uint32_t struct_size;
  uint32_t n_fields;
  const char* name;
  const sage_field* fields; /* `offset` is not used here */
} sage_port;

enum {
  SAGE_KIND_SOURCE = 1,
  SAGE_KIND_MAP = 2,
  SAGE_KIND_FILTER = 3,
  SAGE_KIND_FLATMAP = 4,
  SAGE_KIND_KEYED = 5, /* uses keyed state when the stage has key_by */
  SAGE_KIND_SINK = 6,
  SAGE_KIND_PARTITIONER = 7
};
#define SAGE_TRAIT_IN_PLACE 1u  /* may return SAGE_IN_PLACE; output schema = input schema */
#define SAGE_TRAIT_MAY_BLOCK 2u /* sleeps or does I/O: gets its own thread */
#define SAGE_TRAIT_NEEDS_KEY 4u /* the stage must have key_by */
#define SAGE_TRAIT_SELECTION 8u /* takes batches with `rows`; others get them without */

/* An operator: description, life cycle, and its roles by id (ext/roles.h).
 * Order of calls: create, open, data roles, finish (when bounded input ended), close, destroy.
 * A failed create leaves nothing; after a failed open only destroy follows; close is always called
 * after a successful open. finish implies the largest watermark (on_watermark is not called for it)
 * and also follows when a job is stopped. The sage_operator* handed to create, resolve and get_role
 * is the plugin's own, so it may be the first member of a larger struct. */
typedef struct sage_operator {
  uint32_t struct_size;
  uint32_t kind;       /* SAGE_KIND_* */
  uint64_t traits;     /* SAGE_TRAIT_* */
  const char* id;      /* [a-z0-9][a-z0-9_-]* */
  const char* summary; /* one line */
  const char* doc;     /* Markdown, may be NULL */
  uint32_t n_inputs;
  uint32_t n_outputs;
  const sage_port* const* inputs;
  const sage_port* const* outputs;
  uint32_t n_options;
  uint32_t reserved0;
  const sage_option* const* options;
  /* [control] */
  sage_status (*create)(const struct sage_operator*, sage_ctx*, const struct sage_config*,
                        void** self);
  sage_status (*open)(void* self, sage_ctx*);              /* [task], may be NULL */
  sage_status (*finish)(void* self, sage_ctx*, sage_out*); /* [task], may be NULL; MORE */
  void (*close)(void* self, sage_ctx*);                    /* [task], may be NULL */
  void (*destroy)(void* self);                             /* [control] */
  /* [any], may be NULL. At any time from create until destroy, also during and after close. */
  void (*interrupt)(void* self);
  const void* (*get_role)(const struct sage_operator*, const char* id); /* [any], constant */
} sage_operator;

#ifdef __cplusplus
}
#endif
#endif
