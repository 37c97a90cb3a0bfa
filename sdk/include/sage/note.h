/* Identity that can be read from a plugin file without running its code: an ELF note in the
 * section .note.sage, owner "SAGE", type 1. Put SAGE_NOTE("id", "1.0.0") in one source file. */
#ifndef SAGE_NOTE_H
#define SAGE_NOTE_H

#include "plugin.h"

#include <stdint.h>

#define SAGE_NOTE_SECTION ".note.sage"
#define SAGE_NOTE_TYPE 1u

/* L0: frozen. */
typedef struct sage_note {
  uint32_t name_size; /* 5 */
  uint32_t desc_size; /* bytes from `abi_built` to the end */
  uint32_t type;      /* SAGE_NOTE_TYPE */
  char name[8];       /* "SAGE" */
  uint32_t abi_built;
  uint32_t abi_min;
  uint32_t flags; /* 0 */
  char id[64];
  char version[32];
} sage_note;

#define SAGE_NOTE(plugin_id, plugin_version)                        \
  __attribute__((section(SAGE_NOTE_SECTION), used,                  \
                 aligned(4))) static const sage_note sage_note_ = { \
      5u,                                                           \
      (uint32_t)(sizeof(sage_note) - 20u),                          \
      SAGE_NOTE_TYPE,                                               \
      "SAGE",                                                       \
      SAGE_ABI_VERSION,                                             \
      SAGE_ABI(1, 0),                                               \
      0u,                                                           \
      plugin_id,                                                    \
      plugin_version}

#endif
