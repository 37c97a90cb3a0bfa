/* The roles an operator can play, asked for by id through sage_operator.get_role. A role table is
 * constant. Every operator that handles records has exactly one data role (transform, filter,
 * partition, source or sink); the schema role is optional. */
#ifndef SAGE_EXT_ROLES_H
#define SAGE_EXT_ROLES_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SAGE_RESOLVE_BOUNDED 1u /* all inputs end by themselves */

/* The question "with these inputs and options, what comes out?". [control] */
typedef struct sage_resolve {
  uint32_t struct_size;
  uint32_t flags; /* SAGE_RESOLVE_* */
  uint32_t n_inputs;
  uint32_t n_keys;
  const sage_schema* const* inputs;
  const char* const* keys; /* names of the key_by fields, in order */
  /* Output `port` has these fields, in this order (`offset` is ignored). Copied. */
  sage_status (*set_output)(struct sage_resolve*, uint32_t port, const sage_field* fields,
                            uint32_t n);
  void (*set_unbounded)(struct sage_resolve*);                 /* sources: no end by itself   */
  void (*set_max_parallelism)(struct sage_resolve*, uint32_t); /* e.g. 1: it cannot be split  */
  /* An error in the options or inputs. `option` names the place: "where", "set.long",
   * "fields.n.type", or "" for the stage; `hint` may be NULL. May be called several times. */
  void (*error)(struct sage_resolve*, const char* option, const char* msg, const char* hint);
  void* host_priv;
} sage_resolve;

#define SAGE_ROLE_SCHEMA "sage.role.schema/1"
typedef struct sage_role_schema {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [control] Runs before any instance exists. */
  sage_status (*resolve)(const sage_operator*, const struct sage_config*, sage_resolve*);
} sage_role_schema;

#define SAGE_ROLE_TRANSFORM "sage.role.transform/1"
typedef struct sage_role_transform {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] in == NULL: go on after SAGE_MORE. FORWARD and IN_PLACE: see abi/status.h. */
  sage_status (*process)(void* self, sage_ctx*, const sage_batch* in, sage_out*);
  /* [task] May be NULL. OK or MORE: call again with the same ts. */
  sage_status (*on_watermark)(void* self, sage_ctx*, int64_t ts, sage_out*);
} sage_role_transform;

#define SAGE_ROLE_FILTER "sage.role.filter/1"
typedef struct sage_role_filter {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] keep: (count + 63) / 64 words, zero on entry; set bit i to keep record i. With `rows`,
   * n_rows takes the place of count. */
  sage_status (*select)(void* self, sage_ctx*, const sage_batch* in, uint64_t* keep);
} sage_role_filter;

#define SAGE_ROLE_PARTITION "sage.role.partition/1"
typedef struct sage_role_partition {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] target: count entries, each to be set to 0 .. n_targets-1. Anything else is a record
   * error, never wrapped. */
  sage_status (*route)(void* self, sage_ctx*, const sage_batch* in, uint32_t n_targets,
                       uint32_t* target);
} sage_role_partition;

#define SAGE_ROLE_SOURCE "sage.role.source/1"
typedef struct sage_role_source {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] Emits up to about max_records and returns OK, IDLE (see ext/wait.h) or END. Must not
   * block. */
  sage_status (*poll)(void* self, sage_ctx*, uint32_t max_records, sage_out*);
} sage_role_source;

#define SAGE_ROLE_SINK "sage.role.sink/1"
typedef struct sage_role_sink {
  uint32_t struct_size;
  uint32_t reserved0;
  sage_status (*write)(void* self, sage_ctx*, const sage_batch*); /* [task] */
  /* [task] All input is written: make it durable, not visible. `handle` (valid until the next
   * call) must be enough for another process to commit. */
  sage_status (*prepare)(void* self, sage_ctx*, sage_bytes* handle);
  /* [control] The whole job succeeded: make it visible. May be repeated, and after a crash comes
   * to an instance that was created for it and not opened. */
  sage_status (*commit)(void* self, sage_ctx*, sage_bytes handle);
  /* [control] The job failed: remove what is not visible. May be NULL. */
  sage_status (*abort)(void* self, sage_ctx*);
} sage_role_sink;

#ifdef __cplusplus
}
#endif
#endif
