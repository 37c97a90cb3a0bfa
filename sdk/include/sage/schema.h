/* Record schemas as C tables. A record is one flat Cap'n Proto struct: data section (data_words
 * words of 8 bytes), pointer section (ptr_words words), then what the pointers mean. There is no
 * root pointer and no null: a null pointer reads as the empty text or list.
 * Layout = what the stock Cap'n Proto compiler gives these fields in this order. */
#ifndef SAGE_SCHEMA_H
#define SAGE_SCHEMA_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- L0: frozen ---- */

typedef struct sage_bytes {
  const uint8_t* ptr;
  uint64_t len;
} sage_bytes;

enum {
  SAGE_BOOL = 1,
  SAGE_INT64 = 2,
  SAGE_FLOAT64 = 3,
  SAGE_TEXT = 4,      /* bytes meant to be UTF-8, stored with a NUL behind; NUL inside is legal */
  SAGE_DATA = 5,      /* any bytes */
  SAGE_TIMESTAMP = 6, /* int64 ns since 1970 UTC */
  SAGE_LIST_TEXT = 7,
  SAGE_LIST_INT64 = 8,
  SAGE_LIST_FLOAT64 = 9,
  SAGE_LIST_FLOAT32 = 10
};

typedef struct sage_field {
  const char* name; /* [A-Za-z_][A-Za-z0-9_]{0,62} */
  uint32_t type;    /* SAGE_BOOL... */
  uint32_t offset;  /* bool: bit in the data section; int64, float64, timestamp: word in the data
                       section; others: index in the pointer section */
} sage_field;

/* ---- L1: grows at the tail ---- */

typedef struct sage_schema {
  uint32_t struct_size;
  uint32_t n_fields;
  const sage_field* fields;
  uint32_t data_words;
  uint32_t ptr_words;
  uint64_t id; /* XXH3-64 of "name:type;" of each field in order, types by their names */
} sage_schema;

#ifdef __cplusplus
}
#endif
#endif
