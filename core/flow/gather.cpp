#include "flow/gather.hpp"

#include <algorithm>
#include <cstring>

namespace sage::flow {

namespace {

constexpr std::uint64_t kBatchBytesMax = 64u << 10;
constexpr std::uint64_t kBatchBytesMin = 4u << 10;
constexpr std::uint64_t kAllBytes = 4u << 20;  // over all receivers, if they are not too many

std::uint32_t rows_for(const Gather::Shape& shape, std::uint64_t bytes) {
  const std::uint64_t most = bytes / std::max<std::uint64_t>(shape.body_bytes, 8);
  return static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most, 1, shape.batch_records));
}

std::uint64_t bytes_for(const Gather::Shape& shape) {
  std::uint64_t bytes = kBatchBytesMax;
  while (bytes > kBatchBytesMin &&
         shape.receivers * (bytes + rows_for(shape, bytes) * kEnvelopeBytes) > kAllBytes) {
    bytes /= 4;
  }
  // Small batches (--batch-records) do not need as much.
  return std::min(bytes, shape.batch_records * (4 * shape.body_bytes + SAGE_SLACK));
}

// Short ones, the usual case, in blocks without a branch on the length: the slack at both ends of a
// buffer bears what is read and written beyond them.
void copy_payload(std::uint8_t* to, const std::uint8_t* from, std::uint64_t n) {
  if (n > SAGE_SLACK) {
    std::memcpy(to, from, n);
    return;
  }
  std::memcpy(to, from, SAGE_SLACK / 2);
  if (n > SAGE_SLACK / 2)
    std::memcpy(to + SAGE_SLACK / 2, from + SAGE_SLACK / 2, SAGE_SLACK / 2);
}

}  // namespace

Gather::Gather(BatchPool& pool, const Shape& shape, bool keyed)
    : pool_(pool),
      keyed_(keyed),
      bytes_(bytes_for(shape)),
      rows_(rows_for(shape, bytes_)),
      parts_(shape.receivers) {}

std::uint64_t Gather::held_bytes(const Shape& shape) {
  const std::uint64_t bytes = bytes_for(shape);
  return shape.receivers * (bytes + rows_for(shape, bytes) * kEnvelopeBytes);
}

void Gather::begin(Part& part, std::uint64_t bytes) {
  part.batch = pool_.get(rows_);
  Batch& batch = *part.batch;
  batch.add_buffer(pool_.buffers().get(std::max(bytes, bytes_)));
  if (keyed_) {  // all in the one buffer, so that key_buf may stay "each record's own"
    batch.keys.need(batch.records.capacity());
    batch.keyed = true;
  }
  part.records = batch.records.data();
  part.keys = batch.keys.data();
  part.data = batch.buffers[0]->data;
  // Not all that a large buffer may have: a long record makes a batch of its own.
  part.capacity = std::max(bytes, bytes_);
  part.fill = 0;
  part.bytes = 0;
  part.count = 0;
  part.old = false;
  ++held_;
}

void Gather::hand_over(std::uint32_t index, const SendFn& send) {
  Part& part = parts_[index];
  part.batch->count = part.count;
  part.batch->bytes = part.bytes;
  part.capacity = 0;  // so that the next row, which has some bytes, begins a batch
  part.fill = 0;
  --held_;
  send(index, std::exchange(part.batch, BatchRef()));
}

template <Gather::Keys kKeys>
void Gather::copy_rows(const Batch& from, const std::uint32_t* target, const SendFn& send) {
  const sage_record* const rows = from.records.data();
  const sage_key* const keys = from.keys.data();
  const sage_buffer* const buffers = from.c_buffers.data();
  for (std::uint32_t i = 0; i < from.count; ++i) {
    if (kKeys == Keys::kNone && target[i] == SAGE_NO_INDEX)  // a custom partitioner's rejection
      continue;
    Part& part = parts_[target[i]];
    const sage_record& row = rows[i];
    const std::uint64_t key_at = aligned(row.len);
    const std::uint64_t bytes = key_at + (kKeys == Keys::kApart ? aligned(keys[i].len) : 0);
    if (part.fill + bytes > part.capacity || part.count == rows_) [[unlikely]] {
      if (part.batch)
        hand_over(target[i], send);
      begin(part, bytes);
    }
    const auto off = static_cast<std::uint32_t>(part.fill);
    copy_payload(part.data + off, buffers[row.buf].data + row.off, row.len);
    part.records[part.count] = {row.ts, kKeys == Keys::kNone ? 0 : row.key, off, row.len, 0, 0};
    if constexpr (kKeys == Keys::kInPayload) {
      const std::uint32_t at = off + (keys[i].off - row.off);
      part.keys[part.count] = {keys[i].len == 0 ? off : at, keys[i].len};
    } else if constexpr (kKeys == Keys::kApart) {
      const std::uint32_t at = off + static_cast<std::uint32_t>(key_at);
      copy_payload(part.data + at, buffers[from.key_buf].data + keys[i].off, keys[i].len);
      part.keys[part.count] = {keys[i].len == 0 ? off : at, keys[i].len};
    }
    part.bytes += row.len;
    ++part.count;
    part.fill += bytes;
  }
}

void Gather::add(const Batch& from, const std::uint32_t* target, const SendFn& send) {
  if (!keyed_) {
    copy_rows<Keys::kNone>(from, target, send);
  } else if (from.key_buf == SAGE_NO_INDEX) {
    copy_rows<Keys::kInPayload>(from, target, send);
  } else {
    copy_rows<Keys::kApart>(from, target, send);
  }
}

void Gather::close(const SendFn& send) {
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (parts_[i].batch)
      hand_over(i, send);
  }
}

void Gather::close_old(const SendFn& send) {
  for (std::uint32_t i = 0; i < parts_.size(); ++i) {
    if (!parts_[i].batch)
      continue;
    if (parts_[i].old) {
      hand_over(i, send);
    } else {
      parts_[i].old = true;
    }
  }
}

}  // namespace sage::flow
