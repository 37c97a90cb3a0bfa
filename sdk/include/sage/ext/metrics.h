/* Host service "sage.host.metrics/1": cells that the instance writes and the host reads. Make them
 * in open; they live until destroy. Asking again for a name gives the same cell. Two names are
 * known to the engine: the counter "read_bytes" and the gauge "total_bytes" of a source with known
 * size drive the progress line. */
#ifndef SAGE_EXT_METRICS_H
#define SAGE_EXT_METRICS_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sage_metric sage_metric;

#define SAGE_HOST_METRICS "sage.host.metrics/1"
typedef struct sage_metrics_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] NULL: the name is taken by another type, or the instance has too many already (some
   * hundreds: do not make names of data); add, set and record take NULL and do nothing. unit and
   * help may be NULL; `help`, a line on what is measured, is for engines that show it: this one
   * does not. */
  sage_metric* (*counter)(sage_ctx*, const char* name, const char* unit, const char* help);
  sage_metric* (*gauge)(sage_ctx*, const char* name, const char* unit, const char* help);
  sage_metric* (*histogram)(sage_ctx*, const char* name, const char* unit, const char* help);
  /* [task] One writer per cell: relaxed, no lock. */
  void (*add)(sage_metric*, uint64_t n);      /* counter */
  void (*set)(sage_metric*, double value);    /* gauge */
  void (*record)(sage_metric*, double value); /* histogram; NaN is not recorded */
} sage_metrics_api;

#ifdef __cplusplus
}
#endif
#endif
