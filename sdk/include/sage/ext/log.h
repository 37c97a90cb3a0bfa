/* Host service "sage.host.log/1": messages to the log of the job. */
#ifndef SAGE_EXT_LOG_H
#define SAGE_EXT_LOG_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { SAGE_LOG_ERROR = 1, SAGE_LOG_WARNING = 2, SAGE_LOG_INFO = 3, SAGE_LOG_DEBUG = 4 };

#define SAGE_HOST_LOG "sage.host.log/1"
typedef struct sage_log_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [any] A finished message of `len` bytes; check level <= *ctx->log_level before formatting. */
  void (*log)(sage_ctx*, uint32_t level, const char* msg, uint64_t len);
} sage_log_api;

#ifdef __cplusplus
}
#endif
#endif
