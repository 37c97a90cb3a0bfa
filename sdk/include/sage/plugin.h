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

#include "abi/batch.h"
#include "abi/context.h"
#include "abi/operator.h"
#include "abi/status.h"
#include "schema.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- L1: grow at the tail ---- */

/* The engine, towards a plugin. [any]; outlives the plugin. */
typedef struct sage_host {
  uint32_t struct_size;
  uint32_t abi_version; /* of the engine */
  const char* name;
  const char* version;
  void* host_priv;
} sage_host;

typedef struct sage_plugin {
  uint32_t struct_size;
  uint32_t abi_built;  /* SAGE_ABI_VERSION of the header it was built with */
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
  sage_status (*init)(const sage_host*); /* [control], may be NULL */
  /* [any], may be NULL. What else the plugin makes than operators: the table of this id, constant,
   * or NULL. See ext/pipeline.h. */
  const void* (*get_factory)(const char* id);
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
