/* Host service "sage.host.state/1": keyed state, only in a stage that has key_by. The host owns
 * every byte of it, so that it can be snapshotted and moved by key group. A slot is `slot_size`
 * bytes per key, zeroed when the key is new, written in place. A blob state has a slot of
 * sage_blob: bytes of any length, owned by the host, resized through `resize`. */
#ifndef SAGE_EXT_STATE_H
#define SAGE_EXT_STATE_H

#include "../plugin.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sage_state sage_state;

typedef struct sage_blob {
  uint8_t* data; /* host-owned; `capacity` bytes are writable */
  uint32_t len;
  uint32_t capacity;
} sage_blob;

#define SAGE_STATE_SLOT 1u
#define SAGE_STATE_BLOB 2u

typedef struct sage_state_desc {
  uint32_t struct_size;
  uint32_t kind;      /* SAGE_STATE_SLOT or SAGE_STATE_BLOB */
  const char* name;   /* unique in the operator */
  uint32_t slot_size; /* SLOT: 1 .. 4096 bytes, 8-aligned */
  uint32_t reserved0;
} sage_state_desc;

#define SAGE_HOST_STATE "sage.host.state/1"
typedef struct sage_state_api {
  uint32_t struct_size;
  uint32_t reserved0;
  /* [task] In open. Asking again for a name gives the same state. */
  sage_status (*open)(sage_ctx*, const sage_state_desc*, sage_state**);
  /* [task] slot[i] = the slot of the key of record i, for all records of the batch. Pointers are
   * valid during the call into the operator, and until `slots` of the same state is called
   * again. Equal keys give equal pointers. */
  sage_status (*slots)(sage_state*, const sage_batch*, void** slot);
  /* [task] Like slots, for record i alone. */
  sage_status (*slot)(sage_state*, const sage_batch*, uint32_t i, void** slot);
  /* [task] Gives a blob `len` bytes (zeroed behind the old ones); may move its data. */
  sage_status (*resize)(sage_state*, sage_blob*, uint32_t len);
  /* [task] Walks all keys, `n` at most a call; starts at *cursor = 0, returns how many were given
   * (0 = the end). key bytes as semantics say; hash may be NULL. The state must not be changed
   * between the calls. */
  uint32_t (*scan)(sage_state*, uint64_t* cursor, uint32_t n, sage_bytes* key, void** slot);
  /* [task] Number of keys. */
  uint64_t (*size)(sage_state*);
} sage_state_api;

#ifdef __cplusplus
}
#endif
#endif
