/* The version of the ABI, what calls return, and the limits that both sides keep. Part of
 * <sage/plugin.h>, which explains the layers L0 to L2 and the thread tags. */
#ifndef SAGE_ABI_STATUS_H
#define SAGE_ABI_STATUS_H

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
  SAGE_MORE = 1, /* not finished: call again (outputs so far stand) */
  /* transform: hand the input batch on as output 0, unchanged. Only as the answer to the first
   * call on a batch that nothing was emitted for and no record rejected of, and where output 0 has
   * the schema of the input. */
  SAGE_FORWARD = 2,
  SAGE_IN_PLACE = 3, /* same, and payload bytes of the batch, which was WRITABLE, were edited */
  SAGE_IDLE = 4,     /* source: nothing now; see ext/wait.h */
  SAGE_END = 5,      /* source: nothing ever again */
  SAGE_E_FAIL = -1,  /* the instance is broken, the job fails */
  SAGE_E_ARG = -2,
  SAGE_E_CONFIG = -3, /* an option's value is not acceptable */
  SAGE_E_UNSUPPORTED = -4,
  SAGE_E_RETRY = -5, /* nothing was done with this batch, not even by a call before that
                      * answered MORE, and no keyed state was touched; the same call may be tried
                      * again. Of process, on_watermark, select, poll, write and finish; any other
                      * call has failed with it */
  SAGE_E_CANCELLED = -6,
  SAGE_E_NOMEM = -7,
  SAGE_E_DATA = -8, /* a value is malformed or of the wrong type */
  SAGE_E_IO = -9,
  SAGE_E_STATE = -10,
  SAGE_E_RANGE = -11,     /* a value does not fit its type */
  SAGE_E_TOO_LARGE = -12, /* can never fit: a record over SAGE_MAX_RECORD */
  SAGE_E_FULL = -13 /* no room left in this call (SAGE_MAX_CALL): return SAGE_MORE, go on then */
};

#define SAGE_MAX_RECORD (16u << 20) /* bytes of one payload */
#define SAGE_MAX_CALL (64u << 20)   /* bytes that one call may emit, envelopes included */
#define SAGE_SLACK 64u              /* readable and writable bytes around every buffer */
#define SAGE_NO_TS INT64_MIN        /* a record without event time */
#define SAGE_NO_INDEX UINT32_MAX

#ifdef __cplusplus
}
#endif
#endif
