#include "flow/output.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace sage::flow {

namespace {

// With less room left, a new batch takes a buffer of its own.
constexpr std::uint64_t kShareBytes = 4u << 10;

// Two members at once: `off` and `len`, or `buf` and `meta`.
std::uint64_t word_at(const sage_record& row, std::size_t offset) {
  static_assert(std::endian::native == std::endian::little);
  std::uint64_t word = 0;
  std::memcpy(&word, reinterpret_cast<const std::uint8_t*>(&row) + offset, sizeof word);
  return word;
}

// Rows of one length side by side, as fixed fields give them: then the first stands for all. Clears
// their keys. Gives up at the end of a block that holds another one.
bool are_even(sage_record* rows, std::uint32_t n) {
  const std::uint64_t stride = aligned(rows[0].len);
  std::uint64_t place = word_at(rows[0], offsetof(sage_record, off));
  std::uint64_t odd = 0;
  for (std::uint32_t i = 0; i < n && odd == 0;) {
    for (const std::uint32_t end = std::min(n, i == 0 ? 4 : i + 256); i < end; ++i) {
      rows[i].key = 0;
      odd |= (word_at(rows[i], offsetof(sage_record, off)) ^ place) |
             word_at(rows[i], offsetof(sage_record, buf));
      place += stride;
    }
  }
  return odd == 0;
}

}  // namespace

Output::Output(BatchPool& pool, const std::vector<schema::SchemaPtr>& ports,
               std::uint32_t batch_records, bool marks)
    : pool_(pool), batch_records_(batch_records), marks_(marks), table_{} {
  SAGE_ASSERT(batch_records >= 1 && batch_records <= 65'536);
  for (const schema::SchemaPtr& schema : ports) {
    Port port;
    port.body_bytes = schema->body_bytes();
    ports_.push_back(std::move(port));
  }
  table_.struct_size = sizeof table_;
  table_.n_ports = static_cast<std::uint32_t>(ports_.size());
  table_.host_priv = this;
  table_.reserve = [](sage_out* out, std::uint32_t port, std::uint32_t n, std::uint64_t bytes,
                      sage_slab* slab) {
    return static_cast<Output*>(out->host_priv)->reserve(port, n, bytes, slab);
  };
  table_.commit = [](sage_out* out, std::uint32_t port, std::uint32_t n, std::uint64_t end) {
    return static_cast<Output*>(out->host_priv)->commit(port, n, end);
  };
  table_.emit = [](sage_out* out, std::uint32_t port, std::int64_t ts, const void* payload,
                   std::uint64_t len) {
    return static_cast<Output*>(out->host_priv)->emit(port, ts, payload, len);
  };
  table_.watermark = [](sage_out* out, std::uint32_t port, std::int64_t ts) {
    return static_cast<Output*>(out->host_priv)->watermark(port, ts);
  };
  table_.emitted = [](sage_out* out) { return static_cast<Output*>(out->host_priv)->emitted_; };
}

void Output::begin() {
  emitted_ = 0;
  misuse_.clear();
}

void Output::take(std::vector<Emitted>& out) {
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    close(port);
    ports_[port].buffer.reset();
    ports_[port].taken_watermark = ports_[port].watermark;
  }
  for (Emitted& emitted : events_)
    out.push_back(std::move(emitted));
  events_.clear();
}

void Output::drop() {
  for (Port& port : ports_) {
    port.open.reset();
    port.buffer.reset();
    port.watermark = port.taken_watermark;
  }
  events_.clear();
}

sage_status Output::refuse(const char* message) {
  if (misuse_.empty())
    misuse_ = message;
  return SAGE_E_ARG;
}

sage_status Output::reserve(std::uint32_t index, std::uint32_t n, std::uint64_t bytes,
                            sage_slab* slab) {
  if (index >= ports_.size())
    return refuse("it reserved room on a port that it does not have");
  if (slab->struct_size < sizeof(sage_slab))
    return refuse("it did not set the struct_size of a slab");
  const std::uint64_t rows_bytes = std::uint64_t{n} * sizeof(sage_record);
  if (bytes > SAGE_MAX_CALL || bytes + rows_bytes > SAGE_MAX_CALL)
    return SAGE_E_TOO_LARGE;
  if (emitted_ + bytes + rows_bytes > SAGE_MAX_CALL)
    return SAGE_E_FULL;
  Port& port = ports_[index];
  if (port.open) {
    const bool rows_fit = port.open->count + std::max(n, 1u) <= batch_records_ ||
                          (port.open->count == 0 && n <= port.open->records.capacity());
    if (!rows_fit || port.fill + bytes > port.open->buffers[0]->capacity)
      close(index);
  }
  if (!port.open)
    open(port, n, bytes);
  const Batch& batch = *port.open;
  port.room = std::max(n, batch_records_) - batch.count;
  slab->buf = 0;
  slab->records = batch.records.data() + batch.count;
  slab->max_records = port.room;
  slab->reserved0 = 0;
  slab->data = batch.buffers[0]->data;
  slab->offset = port.fill;
  slab->capacity = batch.buffers[0]->capacity;
  return SAGE_OK;
}

// Batches cut for their number of rows go on in the buffer of the one before.
void Output::open(Port& port, std::uint32_t n, std::uint64_t bytes) {
  port.open = pool_.get(std::max(n, batch_records_));
  if (!port.buffer || port.fill + std::max(bytes, kShareBytes) > port.buffer->capacity) {
    port.buffer = pool_.buffers().get(std::max(bytes, kBufferBytes));
    port.fill = 0;
  }
  port.open->add_buffer(port.buffer);
}

// Clears their keys, too.
bool Output::rows_are_sound(const Port& port, std::uint32_t n, std::uint64_t end) const {
  std::uint64_t at = port.fill;
  // No branch on what a row holds: a sound batch is the rule, and this runs for every record.
  sage_record* rows = port.open->records.data() + port.open->count;
  const std::uint64_t room = SAGE_MAX_RECORD - port.body_bytes;
  if (n > 4 && are_even(rows, n)) {
    const sage_record& last = rows[n - 1];
    return rows[0].off >= at && rows[0].off % 8 == 0 && rows[0].len - port.body_bytes <= room &&
           std::uint64_t{n} * aligned(rows[0].len) + rows[0].off <= UINT32_MAX &&
           std::uint64_t{last.off} + last.len <= end;
  }
  std::uint64_t wrong = 0;
  for (std::uint32_t i = 0; i < n; ++i) {
    sage_record& row = rows[i];
    row.key = 0;
    wrong |= row.buf | row.meta | (row.off & 7u) | std::uint64_t{row.off < at} |
             std::uint64_t{row.len - port.body_bytes > room};
    at = std::uint64_t{row.off} + row.len;
  }
  return wrong == 0 && at <= end;
}

sage_status Output::commit(std::uint32_t index, std::uint32_t n, std::uint64_t end) {
  if (index >= ports_.size() || !ports_[index].open || n > ports_[index].room) {
    return refuse("it committed more records than it reserved");
  }
  Port& port = ports_[index];
  Batch& batch = *port.open;
  if (end < port.fill || end > batch.buffers[0]->capacity || !rows_are_sound(port, n, end)) {
    return refuse(
        "it committed records that overlap, lie outside the slab, are shorter than their schema "
        "demands or longer than a record may be, or have a meta that is not 0");
  }
  batch.count += n;
  batch.bytes += end - port.fill;
  emitted_ += end - port.fill + std::uint64_t{n} * sizeof(sage_record);
  port.fill = std::min(aligned(end), batch.buffers[0]->capacity);
  port.room -= n;
  return SAGE_OK;
}

sage_status Output::emit(std::uint32_t port, std::int64_t ts, const void* payload,
                         std::uint64_t len) {
  if (len > SAGE_MAX_RECORD)
    return SAGE_E_TOO_LARGE;
  sage_slab slab{};
  slab.struct_size = sizeof slab;
  if (const sage_status status = reserve(port, 1, aligned(len), &slab); status != SAGE_OK) {
    return status;
  }
  if (len > 0)
    std::memcpy(slab.data + slab.offset, payload, len);
  slab.records[0] = {
      ts, 0, static_cast<std::uint32_t>(slab.offset), static_cast<std::uint32_t>(len), slab.buf, 0};
  return commit(port, 1, slab.offset + len);
}

sage_status Output::watermark(std::uint32_t port, std::int64_t ts) {
  if (port >= ports_.size() || !marks_)
    return refuse("it set a watermark on a port that it does not have, or is no source");
  close(port);
  if (ts > ports_[port].watermark) {
    ports_[port].watermark = ts;
    events_.push_back({port, Watermark{std::min(ts, INT64_MAX - 1)}});
  }
  return SAGE_OK;
}

void Output::close(std::uint32_t index) {
  Port& port = ports_[index];
  if (!port.open)
    return;
  const std::uint32_t count = port.open->count;
  if (count > 0 && count <= batch_records_)
    events_.push_back({index, port.open});
  if (count > batch_records_) {  // a plugin asked for more rows at once than a batch holds
    for (std::uint32_t at = 0; at < count; at += batch_records_) {
      events_.push_back({index, slice(pool_, port.open, at, std::min(batch_records_, count - at))});
    }
  }
  port.open.reset();
}

}  // namespace sage::flow
