/* The options of a stage, checked against the operator's description, with defaults filled in.
 * Valid during create and resolve, for the thread that calls these: all functions are [control].
 * Lists and tables keep the order of the file. */
#ifndef SAGE_EXT_CONFIG_H
#define SAGE_EXT_CONFIG_H

#include "../schema.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  SAGE_VALUE_BOOL = 1,
  SAGE_VALUE_INT = 2, /* also durations (ns) and byte sizes */
  SAGE_VALUE_FLOAT = 3,
  SAGE_VALUE_TEXT = 4,
  SAGE_VALUE_LIST = 5,
  SAGE_VALUE_TABLE = 6
};

typedef struct sage_value sage_value; /* one value, owned by the config */

typedef struct sage_config {
  uint32_t struct_size;
  uint32_t reserved0;
  /* The value of an option; NULL if it was not given and has no default. */
  const sage_value* (*get)(const struct sage_config*, const char* name);
  uint32_t (*type)(const sage_value*);
  /* The value; zero or empty where the type is another one. as_float takes integers too. */
  int32_t (*as_bool)(const sage_value*);
  int64_t (*as_int)(const sage_value*);
  double (*as_float)(const sage_value*);
  sage_bytes (*as_text)(const sage_value*);
  /* Lists and tables: number of items, and item i (tables: and its key, if key != NULL). */
  uint32_t (*size)(const sage_value*);
  const sage_value* (*at)(const sage_value*, uint32_t i, sage_bytes* key);
  void* host_priv;
} sage_config;

#ifdef __cplusplus
}
#endif
#endif
