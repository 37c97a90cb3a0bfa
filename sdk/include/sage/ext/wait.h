/* Host service "sage.host.wait/1": what an idle source waits for. Call before returning SAGE_IDLE;
 * without it the source is polled again soon, and the longer it stays idle the less often: after 1
 * to 50 milliseconds. */
#ifndef SAGE_EXT_WAIT_H
#define SAGE_EXT_WAIT_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SAGE_HOST_WAIT "sage.host.wait/1"
typedef struct sage_wait_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] Poll me again when the descriptor is readable or closed. It stays the plugin's. There
   * is one; the last call counts (watch several through an epoll descriptor). */
  void (*readable)(sage_ctx*, int32_t fd);
  /* [task] Poll me again after `ns` nanoseconds at the latest; 0 and less: as if not called. */
  void (*delay)(sage_ctx*, int64_t ns);
} sage_wait_api;

#ifdef __cplusplus
}
#endif
#endif
