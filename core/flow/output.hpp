#pragma once
// The sage_out of one operator instance: collects what one call emits, batch by batch, so that the
// output of a failed call can be dropped. Checks every envelope that a plugin commits. Used by the
// task thread.

#include "base/on_error.hpp"
#include "flow/event.hpp"
#include "schema/schema.hpp"

#include <sage/plugin.h>

#include <cstdint>
#include <string>
#include <vector>

namespace sage::flow {

struct Emitted {
  std::uint32_t port;
  Event event;
};

class Output {
 public:
  static constexpr std::uint64_t kBufferBytes = 64u << 10;  // of a batch of usual records

  // batch_records: rows per batch at most, 1 .. 65536. With `marks` watermarks may be set.
  Output(BatchPool& pool, const std::vector<schema::SchemaPtr>& ports, std::uint32_t batch_records,
         bool marks = false);
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  sage_out* c_table() { return &table_; }

  // Starts a new call.
  void begin();
  // Ends it: everything emitted, in order, is appended to `out`.
  void take(std::vector<Emitted>& out);
  // Ends it without a trace.
  void drop();
  // Bytes of payload and envelopes that the call has emitted so far.
  std::uint64_t emitted() const { return emitted_; }
  // What the plugin did against the rules during the call; empty: nothing.
  const std::string& misuse() const { return misuse_; }

 private:
  struct Port {
    BatchRef open;
    BufferRef buffer;              // its buffer; small batches share one
    std::uint64_t fill = 0;        // bytes of the buffer in use
    std::uint32_t room = 0;        // rows the last slab has room for
    std::uint64_t body_bytes = 0;  // of the schema: data and pointer section
    std::int64_t watermark = SAGE_NO_TS;
    std::int64_t taken_watermark = SAGE_NO_TS;  // of calls that were not dropped
  };

  sage_status reserve(std::uint32_t index, std::uint32_t n, std::uint64_t bytes, sage_slab* slab);
  sage_status commit(std::uint32_t index, std::uint32_t n, std::uint64_t end);
  sage_status emit(std::uint32_t port, std::int64_t ts, const void* payload, std::uint64_t len);
  sage_status watermark(std::uint32_t port, std::int64_t ts);
  void open(Port& port, std::uint32_t n, std::uint64_t bytes);
  bool rows_are_sound(const Port& port, std::uint32_t n, std::uint64_t end) const;
  sage_status refuse(const char* message);
  void close(std::uint32_t index);

  BatchPool& pool_;
  std::uint32_t batch_records_;
  bool marks_;
  std::vector<Port> ports_;
  std::vector<Emitted> events_;
  std::uint64_t emitted_ = 0;
  std::string misuse_;
  sage_out table_;
};

}  // namespace sage::flow
