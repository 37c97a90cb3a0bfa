/* Factory "sage.factory.pipeline/1", asked for through sage_plugin.get_factory: a library that
 * describes a whole pipeline, whose own operators are among those of the plugin. */
#ifndef SAGE_EXT_PIPELINE_H
#define SAGE_EXT_PIPELINE_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

#define SAGE_PIPELINE_DISTRIBUTED 1u /* meant for a cluster */

#define SAGE_FACTORY_PIPELINE "sage.factory.pipeline/1"
/* Constant, as are its texts, which end with NUL: they live as long as the plugin. [any] */
typedef struct sage_pipeline {
  uint32_t struct_size;
  uint32_t flags;       /* SAGE_PIPELINE_* */
  const char* toml;     /* the pipeline file; its own operators as "<id of the plugin>/<id>" */
  const char* error;    /* why there is no pipeline; NULL: there is one */
  uint64_t fingerprint; /* of stage ids, operators and schemas, but not of options: equal where the
                         * objects of one process fit the file that another one has stored */
} sage_pipeline;

#ifdef __cplusplus
}
#endif
#endif
