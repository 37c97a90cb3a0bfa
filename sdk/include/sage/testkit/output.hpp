// The host's end of an operator's output: real slabs, filled with garbage, exactly as large as
// asked for, freed as soon as the contract allows it (so that a sanitizer sees who breaks it).
#pragma once

#include "check.hpp"
#include "value.hpp"

#include <cstdlib>
#include <memory>
#include <vector>

namespace sage::testkit {

// Bytes with SAGE_SLACK around them, 64-byte aligned.
class Buffer {
 public:
  explicit Buffer(std::uint64_t size) : size_(size) {
    const std::size_t all = (size + std::uint64_t{2} * SAGE_SLACK + 63) / 64 * 64;
    memory_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(64, all)));
    std::memset(memory_.get(), 0xcd, all);
  }
  std::uint8_t* data() const { return memory_.get() + SAGE_SLACK; }
  std::uint64_t size() const { return size_; }

 private:
  struct Free {
    void operator()(std::uint8_t* p) const { std::free(p); }
  };
  std::unique_ptr<std::uint8_t, Free> memory_;
  std::uint64_t size_;
};

class Output {
 public:
  explicit Output(std::vector<SchemaView> ports) : ports_(ports.size()) {
    for (std::size_t i = 0; i < ports.size(); ++i) {
      ports_[i].schema = ports[i];
    }
    table_ = {sizeof(sage_out),
              static_cast<std::uint32_t>(ports.size()),
              reserve,
              commit,
              emit,
              watermark,
              emitted,
              this};
  }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  sage_out* table() { return &table_; }
  std::uint64_t bytes() const { return bytes_; }
  std::uint32_t calls() const { return calls_; }
  const std::vector<OutputRow>& rows(std::uint32_t port) const { return ports_.at(port).rows; }
  std::int64_t watermark(std::uint32_t port) const { return ports_.at(port).watermark; }

  void begin_call() {
    bytes_ = 0;
    ++calls_;
  }
  // Keeps or drops what the call emitted.
  void end_call(bool keep) {
    for (Port& port : ports_) {
      if (keep) {
        for (const auto& [record, buffer] : port.committed) {
          add(port, {buffer->data() + record.off, &record});
        }
      }
      port.committed.clear();
      port.buffer.reset();
    }
  }
  // A record that goes on as output 0.
  void add(std::uint32_t port, Record record) { add(ports_.at(port), record); }

 private:
  struct Port {
    SchemaView schema;
    std::vector<OutputRow> rows;
    std::int64_t watermark = SAGE_NO_TS;
    std::shared_ptr<Buffer> buffer;  // of the slab that is out
    std::vector<sage_record> records;
    std::uint32_t used = 0;
    std::vector<std::pair<sage_record, std::shared_ptr<Buffer>>> committed;
  };
  static Output& self(sage_out* out) { return *static_cast<Output*>(out->host_priv); }

  static void add(Port& port, Record record) {
    check_record(port.schema, record.payload());
    const BytesView payload = record.payload();
    OutputRow row{get_fields(port.schema, record), record.ts(), "", {}};
    row.payload.assign(payload.begin(), payload.end());
    JsonWriter(port.schema).append(row.json, record);
    port.rows.push_back(std::move(row));
  }
  static sage_status reserve(sage_out* out, std::uint32_t at, std::uint32_t n, std::uint64_t bytes,
                             sage_slab* slab) {
    Output& o = self(out);
    if (at >= o.ports_.size() || slab->struct_size < sizeof(sage_slab)) {
      return SAGE_E_ARG;
    }
    const std::uint64_t wanted = bytes + std::uint64_t{n} * sizeof(sage_record);
    if (wanted > SAGE_MAX_CALL - o.bytes_) {
      return wanted > SAGE_MAX_CALL ? SAGE_E_TOO_LARGE : SAGE_E_FULL;
    }
    Port& port = o.ports_[at];
    constexpr std::uint64_t kFront = 24;  // slabs need not begin at the start of a buffer
    port.buffer = std::make_shared<Buffer>(kFront + (bytes + 7) / 8 * 8);
    port.records.assign(n, sage_record{-1, 1, 1, 1, 1, 1});
    port.used = 0;
    *slab = {sizeof(sage_slab),   7,      port.records.data(), n, 0,
             port.buffer->data(), kFront, port.buffer->size()};
    return SAGE_OK;
  }
  static sage_status commit(sage_out* out, std::uint32_t at, std::uint32_t n, std::uint64_t end) {
    Output& o = self(out);
    Port& port = o.ports_.at(at);
    if (!port.buffer || n > port.records.size() - port.used || end > port.buffer->size()) {
      return SAGE_E_ARG;
    }
    for (std::uint32_t i = 0; i < n; ++i) {
      const sage_record& record = port.records[port.used++];
      if (record.off % 8 != 0 || record.off + std::uint64_t{record.len} > end || record.buf != 7 ||
          record.meta != 0) {
        return SAGE_E_ARG;
      }
      port.committed.emplace_back(record, port.buffer);
      o.bytes_ += record.len + sizeof(sage_record);
    }
    return SAGE_OK;
  }
  static sage_status emit(sage_out* out, std::uint32_t port, std::int64_t ts, const void* payload,
                          std::uint64_t len) {
    if (len > SAGE_MAX_RECORD) {
      return SAGE_E_TOO_LARGE;
    }
    sage_slab slab{};
    slab.struct_size = sizeof slab;
    if (const sage_status s = reserve(out, port, 1, len, &slab); s < 0) {
      return s;
    }
    slab.records[0] = {
        ts,       0, static_cast<std::uint32_t>(slab.offset), static_cast<std::uint32_t>(len),
        slab.buf, 0};
    std::memcpy(slab.data + slab.offset, payload, len);
    return commit(out, port, 1, slab.offset + len);
  }
  static sage_status watermark(sage_out* out, std::uint32_t port, std::int64_t ts) {
    Port& of = self(out).ports_.at(port);
    of.watermark = std::max(of.watermark, ts);
    of.buffer.reset();  // its slab is void
    of.records.clear();
    return SAGE_OK;
  }
  static std::uint64_t emitted(sage_out* out) { return self(out).bytes_; }

  sage_out table_{};
  std::vector<Port> ports_;
  std::uint64_t bytes_ = 0;
  std::uint32_t calls_ = 0;
};

}  // namespace sage::testkit
