#include "flow/batch.hpp"

#include "base/assert.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace sage::flow {

namespace {

constexpr std::uint32_t kRowsMin = 16;

std::uint32_t class_of(std::uint32_t rows) {
  return static_cast<std::uint32_t>(std::bit_width(std::max(rows, kRowsMin) - 1)) - 4;
}

}  // namespace

std::uint64_t Batch::own_bytes() const {
  return std::uint64_t{records.capacity()} * sizeof(sage_record) +
         std::uint64_t{keys.capacity()} * sizeof(sage_key);
}

std::uint64_t Batch::pinned_bytes() const {
  std::uint64_t total = own_bytes();
  for (const BufferRef& buffer : buffers)
    total += buffer->capacity;
  return total;
}

std::uint32_t Batch::add_buffer(BufferRef buffer) {
  c_buffers.push_back({buffer->data, buffer->capacity});
  buffers.push_back(std::move(buffer));
  return static_cast<std::uint32_t>(buffers.size() - 1);
}

void Batch::share_buffers(const Batch& other) {
  buffers = other.buffers;
  c_buffers = other.c_buffers;
  keyed = other.keyed;
  key_buf = other.key_buf;
}

void Batch::clear() {
  count = 0;
  keyed = false;
  key_buf = SAGE_NO_INDEX;
  buffers.clear();
  c_buffers.clear();
  bytes = 0;
  selects = false;
  selection.clear();
  rejections.clear();
}

void BatchRef::release() {
  if (batch_ == nullptr)
    return;
  if (batch_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
    batch_->pool->put_back(batch_);
}

BatchPool::~BatchPool() {
  for (const auto& list : free_) {
    for (Batch* batch : list)
      delete batch;
  }
}

BatchRef BatchPool::get(std::uint32_t records) {
  const std::uint32_t size_class = class_of(records);
  Batch* batch = nullptr;
  if (size_class < kClasses) {
    const std::lock_guard lock(mutex_);
    if (!free_[size_class].empty()) {
      batch = free_[size_class].back();
      free_[size_class].pop_back();
      kept_bytes_ -= batch->own_bytes();
    }
  }
  if (batch == nullptr) {
    batch = new Batch;
    batch->pool = this;
    batch->records.need(size_class < kClasses ? kRowsMin << size_class : records);
    bytes_.rise(batch->records.capacity() * kEnvelopeBytes);
  }
  return BatchRef(batch);
}

void BatchPool::put_back(Batch* batch) {
  batch->clear();
  const std::uint32_t size_class = class_of(batch->records.capacity());
  if (size_class < kClasses) {
    const std::lock_guard lock(mutex_);
    if (kept_bytes_ + batch->own_bytes() <= kKeptBytesMax) {
      kept_bytes_ += batch->own_bytes();
      free_[size_class].push_back(batch);
      return;
    }
  }
  bytes_.fall(batch->records.capacity() * kEnvelopeBytes);
  delete batch;
}

sage_batch view(const BatchRef& batch, std::uint32_t input, std::int64_t watermark,
                ViewOptions options) {
  bool writable = options.edits && batch.unique();
  for (const BufferRef& buffer : batch->buffers)
    writable = writable && buffer.unique();
  return {sizeof(sage_batch),
          batch->count,
          static_cast<std::uint32_t>(batch->c_buffers.size()),
          writable ? SAGE_BATCH_WRITABLE : 0u,
          batch->records.data(),
          batch->c_buffers.data(),
          batch->keyed && options.keys ? batch->keys.data() : nullptr,
          batch->key_buf,
          input,
          watermark,
          batch->selects ? batch->selection.data() : nullptr,
          static_cast<std::uint32_t>(batch->selection.size()),
          0};
}

BatchRef select_rows(BatchPool& pool, const BatchRef& batch, std::span<const std::uint32_t> rows) {
  const auto n = static_cast<std::uint32_t>(rows.size());
  BatchRef out = pool.get(n);
  out->share_buffers(*batch);
  out->count = n;
  const sage_record* from = batch->records.data();
  sage_record* to = out->records.data();
  for (std::uint32_t i = 0; i < n; ++i) {
    to[i] = from[rows[i]];
    out->bytes += to[i].len;
  }
  if (batch->keyed) {
    out->keys.need(n);
    for (std::uint32_t i = 0; i < n; ++i)
      out->keys.data()[i] = batch->keys.data()[rows[i]];
  }
  return out;
}

void narrow(BatchPool& pool, BatchRef& batch, std::span<const std::uint32_t> records,
            bool as_selection) {
  if (!batch.unique()) {
    batch = select_rows(pool, batch, records);
    return;
  }
  SAGE_ASSERT(!as_selection || records.data() != batch->selection.data());
  sage_record* const all = batch->records.data();
  batch->bytes = 0;
  for (std::uint32_t i = 0; i < records.size(); ++i) {
    batch->bytes += all[records[i]].len;
    if (as_selection)
      continue;
    all[i] = all[records[i]];
    if (batch->keyed)
      batch->keys.data()[i] = batch->keys.data()[records[i]];
  }
  if (as_selection) {
    batch->selection.assign(records.begin(), records.end());
  } else {
    batch->count = static_cast<std::uint32_t>(records.size());
    batch->selection.clear();
  }
  batch->selects = as_selection;
}

BatchRef slice(BatchPool& pool, const BatchRef& batch, std::uint32_t begin, std::uint32_t n) {
  SAGE_ASSERT(!batch->selects);
  BatchRef out = pool.get(n);
  out->share_buffers(*batch);
  out->count = n;
  if (n == 0)
    return out;
  std::memcpy(out->records.data(), batch->records.data() + begin, n * sizeof(sage_record));
  for (const sage_record& record : out->rows())
    out->bytes += record.len;
  if (batch->keyed) {
    out->keys.need(n);
    std::memcpy(out->keys.data(), batch->keys.data() + begin, n * sizeof(sage_key));
  }
  return out;
}

}  // namespace sage::flow
