#include "flow/gather.hpp"

#include <algorithm>
#include <cstring>

namespace sage::flow {

namespace {

constexpr std::uint64_t kBatchBytesMax = 64u << 10;
constexpr std::uint64_t kBatchBytesMin = 4u << 10;
constexpr std::uint64_t kAllBytes = 1u << 20;  // about, over all receivers

std::uint64_t aligned(std::uint64_t n) { return (n + 7) & ~std::uint64_t{7}; }

std::uint64_t bytes_for(const Gather::Shape& shape) {
  std::uint64_t bytes = kBatchBytesMax;
  while (bytes > kBatchBytesMin && bytes * shape.receivers > kAllBytes)
    bytes /= 4;
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

Gather::Gather(BatchPool& pool, const Shape& shape)
    : pool_(pool), keyed_(shape.keyed), bytes_(bytes_for(shape)), open_(shape.receivers) {
  const std::uint64_t most = bytes_ / std::max<std::uint64_t>(shape.body_bytes, 8);
  rows_ = static_cast<std::uint32_t>(std::clamp<std::uint64_t>(most, 1, shape.batch_records));
}

void Gather::open(Open& open, std::uint64_t bytes) {
  open.batch = pool_.get(rows_);
  open.batch->add_buffer(pool_.buffers().get(std::max(bytes, bytes_)));
  if (keyed_) {
    open.batch->keys.need(open.batch->records.capacity());
    open.batch->keyed = true;
  }
  open.records = open.batch->records.data();
  open.keys = open.batch->keys.data();
  open.data = open.batch->buffers[0]->data;
  open.capacity = open.batch->buffers[0]->capacity;
  open.fill = 0;
  open.count = 0;
  open.old = false;
  ++held_;
}

void Gather::send(std::uint32_t index, const SendFn& send) {
  Open& open = open_[index];
  open.batch->count = open.count;
  --held_;
  send(index, std::exchange(open.batch, BatchRef()));
}

void Gather::add(const Batch& from, const std::uint32_t* target, const SendFn& send) {
  const bool own_keys = keyed_ && from.key_buf != SAGE_NO_INDEX;
  for (std::uint32_t i = 0; i < from.count; ++i) {
    if (target[i] == SAGE_NO_INDEX)
      continue;
    Open& to = open_[target[i]];
    const sage_record& row = from.records.data()[i];
    const std::uint64_t key_at = aligned(row.len);
    const std::uint64_t bytes = key_at + (own_keys ? aligned(from.keys.data()[i].len) : 0);
    if (to.batch && (to.count == rows_ || to.fill + bytes > to.capacity))
      this->send(target[i], send);
    if (!to.batch)
      open(to, bytes);
    const auto off = static_cast<std::uint32_t>(to.fill);
    copy_payload(to.data + off, from.c_buffers[row.buf].data + row.off, row.len);
    to.records[to.count] = {row.ts, keyed_ ? row.key : 0, off, row.len, 0, 0};
    if (keyed_) {
      const sage_key key = from.keys.data()[i];
      std::uint32_t at = off + (key.off - row.off);  // within the payload
      if (own_keys) {
        at = off + static_cast<std::uint32_t>(key_at);
        copy_payload(to.data + at, from.c_buffers[from.key_buf].data + key.off, key.len);
      }
      to.keys[to.count] = {key.len == 0 ? off : at, key.len};
      to.batch->key_buf = own_keys ? 0 : SAGE_NO_INDEX;
    }
    to.batch->bytes += row.len;
    to.fill += bytes;
    ++to.count;
  }
}

void Gather::close(const SendFn& send) {
  for (std::uint32_t i = 0; i < open_.size(); ++i) {
    if (open_[i].batch)
      this->send(i, send);
  }
}

void Gather::close_old(const SendFn& send) {
  for (std::uint32_t i = 0; i < open_.size(); ++i) {
    if (!open_[i].batch)
      continue;
    if (open_[i].old) {
      this->send(i, send);
    } else {
      open_[i].old = true;
    }
  }
}

}  // namespace sage::flow
