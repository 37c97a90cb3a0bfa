/* The C ABI between the SAGE engine and an operator plugin, major version 1.
 *
 * A plugin is a shared library with one exported function, sage_plugin_main_v1. It links nothing
 * of SAGE: everything it needs is reached through the tables below. Compiles as C11 and C++11 on.
 *
 * Stability has three layers. L0 is frozen for the major version. L1 structs begin with
 * `struct_size`, set by the side that provides the struct, and only grow at the tail; test a late
 * member with SAGE_HAS before use. L2 (roles and host services) is asked for by string id; a
 * changed meaning gets a new id.
 *
 * Threads: [control] functions are called while a job is set up or torn down, [task] functions
 * while it runs. One operator instance is never entered by two threads at once, and calls are
 * ordered (happens-before), but a [task] call may come from another thread than the last one.
 * [any] may be called from every thread at any time.
 *
 * Memory: each side frees only what it allocated. Pointers passed to a call are borrowed for the
 * call unless said otherwise. Strings are UTF-8; `const char *` ends with NUL. No exception, and
 * no longjmp, may cross any of these functions.
 */
#ifndef SAGE_PLUGIN_H
#define SAGE_PLUGIN_H

#include "schema.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SAGE_ABI(major, minor) (((uint32_t)(major) << 16) | (uint32_t)(minor))
#define SAGE_ABI_VERSION SAGE_ABI(1, 0)

/* True where *p is large enough to hold function or pointer member m, and m is set. */
#define SAGE_HAS(p, type, m) \
  ((p)->struct_size >= offsetof(type, m) + sizeof((p)->m) && (p)->m != NULL)

/* ---- L0: frozen ---- */

/* Negative: error. Zero: done. Positive: a verdict. A host never sends a plugin a value that the
 * plugin's abi_built does not know; an unknown verdict from a plugin is an error. */
typedef int32_t sage_status;
enum {
  SAGE_OK = 0,
  SAGE_MORE = 1,     /* not finished: call again (outputs so far stand)                        */
  SAGE_FORWARD = 2,  /* transform: hand the input batch on as output 0, unchanged              */
  SAGE_IN_PLACE = 3, /* transform: same, and its payload bytes were edited                     */
  SAGE_IDLE = 4,     /* source: nothing now; see ext/wait.h                                    */
  SAGE_END = 5,      /* source: nothing ever again                                             */
  SAGE_E_FAIL = -1,  /* the instance is broken, the job fails                                  */
  SAGE_E_ARG = -2,
  SAGE_E_CONFIG = -3, /* an option's value is not acceptable                                  */
  SAGE_E_UNSUPPORTED = -4,
  SAGE_E_RETRY = -5, /* nothing was done; the same call may be tried again                    */
  SAGE_E_CANCELLED = -6,
  SAGE_E_NOMEM = -7,
  SAGE_E_DATA = -8, /* a value is malformed or of the wrong type                             */
  SAGE_E_IO = -9,
  SAGE_E_STATE = -10,
  SAGE_E_RANGE = -11,    /* a value does not fit its type                                         */
  SAGE_E_TOO_LARGE = -12 /* a record over SAGE_MAX_RECORD, a call over SAGE_MAX_CALL          */
};

#define SAGE_MAX_RECORD (16u << 20) /* bytes of one payload                                 */
#define SAGE_MAX_CALL (64u << 20)   /* bytes that one call may emit                         */
#define SAGE_SLACK 64u              /* readable and writable bytes around every buffer      */
#define SAGE_NO_TS INT64_MIN        /* a record without event time                          */
#define SAGE_NO_INDEX UINT32_MAX

/* The envelope of a record: 32 bytes, no pointers. Its payload is `len` bytes at
 * buffers[buf].data + off (8-aligned): the body of one Cap'n Proto struct, see schema.h. */
typedef struct sage_record {
  int64_t ts;   /* event time, ns since 1970 UTC, or SAGE_NO_TS                               */
  uint64_t key; /* key hash on a keyed edge, else 0                                           */
  uint32_t off;
  uint32_t len;
  uint32_t buf;
  uint32_t meta; /* 0; reserved for retractions                                               */
} sage_record;

/* The exact key bytes of a record: a range of a buffer of its batch. */
typedef struct sage_key {
  uint32_t off;
  uint32_t len;
} sage_key;

typedef struct sage_buffer {
  uint8_t* data; /* 64-byte aligned, SAGE_SLACK bytes may be touched before and after         */
  uint64_t len;
} sage_buffer;

/* ---- L1: grow at the tail ---- */

/* The engine, towards a plugin. [any]; outlives the plugin. */
typedef struct sage_host {
  uint32_t struct_size;
  uint32_t abi_version; /* of the engine */
  const char* name;
  const char* version;
  void* host_priv;
} sage_host;

#define SAGE_BATCH_WRITABLE                                            \
  1u /* single owner: bytes inside each payload may be changed; count, \
        offsets, lengths, envelopes and keys may not               */

/* A batch of records of one schema. Owned by the host, valid during the call; after SAGE_MORE it
 * stays valid until a call on the same instance returns something else. */
typedef struct sage_batch {
  uint32_t struct_size;
  uint32_t count;
  uint32_t n_buffers;
  uint32_t flags; /* SAGE_BATCH_* */
  const sage_record* records;
  const sage_buffer* buffers;
  const sage_key* keys; /* count entries on a keyed edge, else NULL                           */
  uint32_t key_buf;     /* buffer that holds the keys, SAGE_NO_INDEX: each record's own       */
  uint32_t input;       /* index of the input that it came in by                              */
  int64_t watermark;    /* of the stream when the batch was made, SAGE_NO_TS = none yet        */
} sage_batch;

/* Room to write records into, given by sage_out.reserve. Write envelopes to records[0..], with
 * buf = `buf`, and payloads to data + offset on; every `off` must be 8-aligned. */
typedef struct sage_slab {
  uint32_t struct_size; /* set by the caller */
  uint32_t buf;
  sage_record* records;
  uint32_t max_records; /* at least what was asked for                                        */
  uint32_t reserved0;
  uint8_t* data;     /* start of the buffer                                                */
  uint64_t offset;   /* first free byte, 8-aligned                                         */
  uint64_t capacity; /* end of the writable range, from data                               */
} sage_slab;

/* Where a call's output goes. Valid during the call. [task] */
typedef struct sage_out {
  uint32_t struct_size;
  uint32_t n_ports;
  /* Room for n records and `bytes` bytes of payload (both at least, 0 is allowed). Voids the
   * slab given before on this port unless it was committed. SAGE_E_TOO_LARGE: this call would
   * exceed SAGE_MAX_CALL; return SAGE_MORE and go on in the next one. */
  sage_status (*reserve)(struct sage_out*, uint32_t port, uint32_t n, uint64_t bytes,
                         sage_slab* slab);
  /* Makes the first n records of the slab part of the output; `end` = offset behind the last
   * payload byte used. The slab stays usable behind what was committed: n and records count from
   * the new start. */
  sage_status (*commit)(struct sage_out*, uint32_t port, uint32_t n, uint64_t end);
  /* Convenience: copies one record and its payload. */
  sage_status (*emit)(struct sage_out*, uint32_t port, int64_t ts, const void* payload,
                      uint64_t len);
  /* Sources: no later record of this port will have ts < `ts`. */
  sage_status (*watermark)(struct sage_out*, uint32_t port, int64_t ts);
  /* [task] Bytes emitted so far by this call, over all ports. */
  uint64_t (*emitted)(struct sage_out*);
  void* host_priv;
} sage_out;

#define SAGE_CTX_BOUNDED 1u /* all inputs end by themselves                                   */

/* One per operator instance; lives from before create to after destroy. */
typedef struct sage_ctx {
  uint32_t struct_size;
  uint32_t subtask; /* 0 .. parallelism-1 */
  uint32_t parallelism;
  uint32_t attempt;
  const char* stage;         /* id of the stage in the pipeline file                         */
  const uint32_t* cancel;    /* non-zero: return SAGE_E_CANCELLED soon                       */
  const uint32_t* log_level; /* skip formatting of messages above it; see ext/log.h          */
  uint32_t n_inputs;
  uint32_t n_outputs;
  const sage_schema* const* inputs;  /* resolved, one per input index                         */
  const sage_schema* const* outputs; /* resolved, one per port                                */
  uint32_t n_keys;
  uint32_t flags;       /* SAGE_CTX_* */
  const uint32_t* keys; /* field indexes of inputs[0], in key_by order                  */
  /* [any] A host service by id (ext/...), NULL if the host has none. Ask in create or open.    */
  const void* (*get_interface)(struct sage_ctx*, const char* id);
  /* [task][control] Says why the next negative status is returned. Copied. */
  void (*set_error)(struct sage_ctx*, const char* msg, uint64_t len);
  /* [task] Rejects record `index` of the current batch (a record error); sources pass
   * SAGE_NO_INDEX and the raw bytes they could not read. The record must then not be emitted.
   * SAGE_E_CANCELLED: the job is failing because of it, return. */
  sage_status (*reject)(struct sage_ctx*, uint32_t index, sage_bytes raw, sage_status code,
                        const char* msg, uint64_t len);
  void* host_priv;
} sage_ctx;

struct sage_config; /* ext/config.h */

/* What an option of an operator may hold. */
enum {
  SAGE_OPT_BOOL = 1,
  SAGE_OPT_INT = 2,
  SAGE_OPT_FLOAT = 3,
  SAGE_OPT_TEXT = 4,
  SAGE_OPT_DURATION = 5, /* text such as "10s"; read as integer nanoseconds                   */
  SAGE_OPT_BYTES = 6,    /* text such as "8MB" (10^6) or "8MiB" (2^20), or an integer          */
  SAGE_OPT_PATH = 7,
  SAGE_OPT_FIELD = 8,      /* name of a field of input 0; the host checks that it exists      */
  SAGE_OPT_EXPRESSION = 9, /* Lua */
  SAGE_OPT_ANY = 10        /* whatever the resolve role accepts                               */
};
#define SAGE_OPT_REQUIRED 1u
#define SAGE_OPT_SECRET 2u
#define SAGE_OPT_LIST 4u  /* a list of `type`                                                 */
#define SAGE_OPT_TABLE 8u /* a table with free keys and values of `type`                      */
#define SAGE_OPT_MIN 16u  /* `minimum` counts */
#define SAGE_OPT_MAX 32u  /* `maximum` counts */

typedef struct sage_option {
  uint32_t struct_size;
  uint32_t type;  /* SAGE_OPT_BOOL... */
  uint32_t flags; /* SAGE_OPT_REQUIRED... */
  uint32_t n_allowed;
  const char* name;
  const char* help;
  const char* default_value;  /* as written in TOML, e.g. "\"lines\"", "false", NULL = none     */
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
  SAGE_KIND_KEYED = 5, /* uses keyed state when the stage has key_by                          */
  SAGE_KIND_SINK = 6,
  SAGE_KIND_PARTITIONER = 7
};
#define SAGE_TRAIT_IN_PLACE 1u  /* may return SAGE_IN_PLACE; output schema = input schema      */
#define SAGE_TRAIT_MAY_BLOCK 2u /* sleeps or does I/O: gets its own thread                    */
#define SAGE_TRAIT_NEEDS_KEY 4u /* the stage must have key_by                                 */

/* An operator: description, life cycle, and its roles by id (ext/roles.h).
 * Order of calls: create, open, data roles, finish (when bounded input ended), close, destroy.
 * A failed create leaves nothing; after a failed open only destroy follows; close is always called
 * after a successful open. */
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
  sage_status (*open)(void* self, sage_ctx*);              /* [task], may be NULL      */
  sage_status (*finish)(void* self, sage_ctx*, sage_out*); /* [task], may be NULL; MORE */
  void (*close)(void* self, sage_ctx*);                    /* [task], may be NULL      */
  void (*destroy)(void* self);                             /* [control]                */
  void (*interrupt)(void* self);                           /* [any], may be NULL       */
  const void* (*get_role)(const struct sage_operator*, const char* id); /* [any], constant    */
} sage_operator;

typedef struct sage_plugin {
  uint32_t struct_size;
  uint32_t abi_built;  /* SAGE_ABI_VERSION of the header it was built with                     */
  uint32_t abi_min;    /* oldest engine it works with; loads iff majors match and abi_min <= it */
  uint32_t flags;      /* 0 */
  const char* id;      /* [a-z0-9][a-z0-9_-]* */
  const char* version; /* "1.2.0" */
  const char* summary;
  const char* vendor; /* may be NULL, as the next two */
  const char* license;
  const char* url;
  uint32_t n_operators;
  uint32_t reserved0;
  const sage_operator* const* operators;
  sage_status (*init)(const sage_host*);      /* [control], may be NULL */
  const void* (*get_factory)(const char* id); /* [any], may be NULL */
} sage_plugin;

/* The only exported symbol. Called once, [control]. NULL = refuse to work with this host. */
typedef const sage_plugin* (*sage_plugin_main_fn)(const sage_host*);
#define SAGE_PLUGIN_MAIN "sage_plugin_main_v1"

#if defined(__GNUC__)
#define SAGE_EXPORT __attribute__((visibility("default")))
#else
#define SAGE_EXPORT
#endif
SAGE_EXPORT const sage_plugin* sage_plugin_main_v1(const sage_host* host);

#ifdef __cplusplus
}
#endif
#endif
