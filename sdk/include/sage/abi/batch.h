/* Records on their way in and out of an operator: envelopes over shared buffers. Part of
 * <sage/plugin.h>. */
#ifndef SAGE_ABI_BATCH_H
#define SAGE_ABI_BATCH_H

#include "status.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- L0: frozen ---- */

/* The envelope of a record: 32 bytes, no pointers. Its payload is `len` bytes at
 * buffers[buf].data + off (8-aligned): the body of one Cap'n Proto struct, see schema.h. */
typedef struct sage_record {
  int64_t ts;   /* event time, ns since 1970 UTC, or SAGE_NO_TS */
  uint64_t key; /* key hash on a keyed edge, else 0; in output 0 */
  uint32_t off;
  uint32_t len;
  uint32_t buf;
  uint32_t meta; /* 0, anything else is refused; reserved for retractions */
} sage_record;

/* The exact key bytes of a record: a range of a buffer of its batch. */
typedef struct sage_key {
  uint32_t off;
  uint32_t len;
} sage_key;

typedef struct sage_buffer {
  uint8_t* data; /* 8-byte aligned, SAGE_SLACK bytes may be touched before and after */
  uint64_t len;
} sage_buffer;

/* ---- L1: grow at the tail ---- */

/* Single owner: bytes inside each payload may be changed; count, offsets, lengths, envelopes and
 * keys may not. */
#define SAGE_BATCH_WRITABLE 1u

/* A batch of records of one schema. Owned by the host, valid during the call; after SAGE_MORE it
 * stays valid until a call on the same instance returns something else. */
typedef struct sage_batch {
  uint32_t struct_size;
  uint32_t count;
  uint32_t n_buffers;
  uint32_t flags; /* SAGE_BATCH_* */
  const sage_record* records;
  const sage_buffer* buffers;
  const sage_key* keys; /* one for each of `records` on a keyed edge, else NULL */
  uint32_t key_buf;     /* buffer that holds the keys, SAGE_NO_INDEX: each record's own */
  uint32_t input;       /* index of the input that it came in by */
  int64_t watermark;    /* of the stream when the batch was made, SAGE_NO_TS = none yet */
  /* A selection, only for operators with SAGE_TRAIT_SELECTION; else, and mostly, NULL: the batch is
   * all of its `count` records. Otherwise it is just the n_rows ones with these indexes, ascending,
   * and in every call and answer about it "record i" is records[rows[i]]: bits of keep, targets,
   * slots, rejections all have n_rows places. */
  const uint32_t* rows;
  uint32_t n_rows;
  uint32_t reserved0;
} sage_batch;

/* Room to write records into, given by sage_out.reserve. Write envelopes to records[0..], with
 * buf = `buf`, and payloads to data + offset on; every `off` must be 8-aligned. */
typedef struct sage_slab {
  uint32_t struct_size; /* set by the caller */
  uint32_t buf;
  sage_record* records;
  uint32_t max_records; /* at least what was asked for */
  uint32_t reserved0;
  uint8_t* data;     /* start of the buffer */
  uint64_t offset;   /* first free byte, 8-aligned */
  uint64_t capacity; /* end of the writable range, from data */
} sage_slab;

/* Where a call's output goes. Valid during the call. [task] */
typedef struct sage_out {
  uint32_t struct_size;
  uint32_t n_ports;
  /* Room for n records and `bytes` bytes of payload (both at least, 0 is allowed). Voids the
   * slab given before on this port; what was not committed of it is lost. SAGE_E_FULL: not in this
   * call. SAGE_E_TOO_LARGE: over SAGE_MAX_CALL, in no call. */
  sage_status (*reserve)(struct sage_out*, uint32_t port, uint32_t n, uint64_t bytes,
                         sage_slab* slab);
  /* Makes the first n records of the slab part of the output; `end` = offset behind the last
   * payload byte used. The slab stays usable behind what was committed: n and records count from
   * the new start. */
  sage_status (*commit)(struct sage_out*, uint32_t port, uint32_t n, uint64_t end);
  /* Convenience: copies one record and its payload. Answers as reserve does. */
  sage_status (*emit)(struct sage_out*, uint32_t port, int64_t ts, const void* payload,
                      uint64_t len);
  /* Sources: no later record of this port will have ts < `ts`. Voids the port's slab. A `ts` not
   * above the last one has no effect. */
  sage_status (*watermark)(struct sage_out*, uint32_t port, int64_t ts);
  /* [task] Bytes emitted so far by this call, over all ports, envelopes included. */
  uint64_t (*emitted)(struct sage_out*);
  void* host_priv;
} sage_out;

#ifdef __cplusplus
}
#endif
#endif
