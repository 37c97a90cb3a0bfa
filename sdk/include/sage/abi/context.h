/* What the host tells an operator instance about itself, and what the instance may ask for. Part
 * of <sage/plugin.h>. */
#ifndef SAGE_ABI_CONTEXT_H
#define SAGE_ABI_CONTEXT_H

#include "../schema.h"
#include "batch.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- L1: grow at the tail ---- */

#define SAGE_CTX_BOUNDED 1u /* all inputs end by themselves */

/* One per operator instance; lives from before create to after destroy. */
typedef struct sage_ctx {
  uint32_t struct_size;
  uint32_t subtask; /* 0 .. parallelism-1 */
  uint32_t parallelism;
  uint32_t attempt;  /* how often the job was started anew before this time */
  const char* stage; /* id of the stage in the pipeline file */
  /* Both may change at any time: read them with a relaxed atomic load. */
  const volatile uint32_t* cancel;    /* non-zero: return SAGE_E_CANCELLED soon */
  const volatile uint32_t* log_level; /* skip formatting of messages above it; see ext/log.h */
  uint32_t n_inputs;
  uint32_t n_outputs;
  const sage_schema* const* inputs;  /* resolved, one per input index */
  const sage_schema* const* outputs; /* resolved, one per port */
  uint32_t n_keys;
  uint32_t flags;       /* SAGE_CTX_* */
  const uint32_t* keys; /* field indexes of inputs[0], in key_by order */
  /* [any] A host service by id (ext/...), NULL if the host has none. Ask in create or open. */
  const void* (*get_interface)(struct sage_ctx*, const char* id);
  /* [task][control] Says why the next negative status is returned. Copied. */
  void (*set_error)(struct sage_ctx*, const char* msg, uint64_t len);
  /* [task] Rejects record `index` of the current batch (a record error); sources, and only they,
   * pass SAGE_NO_INDEX and the raw bytes they could not read, of which 8 MiB are kept. The record
   * must then not be emitted. A wrong index fails the job. SAGE_E_CANCELLED: the job is failing
   * because of the record, return that. */
  sage_status (*reject)(struct sage_ctx*, uint32_t index, sage_bytes raw, sage_status code,
                        const char* msg, uint64_t len);
  void* host_priv;
} sage_ctx;

#ifdef __cplusplus
}
#endif
#endif
