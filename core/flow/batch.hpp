#pragma once
// A batch of records: dense envelopes, their exact keys where keyed, and references to shared
// payload buffers. Shared by reference count; whoever holds the only reference may change the
// envelopes, and the payload too where the buffers are his alone. [any], one writer.

#include "flow/buffer.hpp"
#include "plugin/instance.hpp"

#include <sage/plugin.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

namespace sage::flow {

// What a batch needs for a row, besides its payload.
constexpr std::uint64_t kEnvelopeBytes = sizeof(sage_record) + sizeof(sage_key);

// Room for n values that is not cleared: envelopes are always written before they are read.
template <class T>
class RawArray {
 public:
  T* data() const { return data_.get(); }
  std::uint32_t capacity() const { return capacity_; }
  // Contents are lost where it has to grow.
  void need(std::uint32_t n) {
    if (n <= capacity_)
      return;
    data_ = std::make_unique_for_overwrite<T[]>(n);
    capacity_ = n;
  }

 private:
  std::unique_ptr<T[]> data_;
  std::uint32_t capacity_ = 0;
};

class BatchPool;

struct Batch {
  std::atomic<std::uint32_t> refs{0};
  BatchPool* pool = nullptr;
  std::uint32_t count = 0;
  RawArray<sage_record> records;
  RawArray<sage_key> keys;
  bool keyed = false;
  std::uint32_t key_buf = SAGE_NO_INDEX;
  std::vector<BufferRef> buffers;
  std::vector<sage_buffer> c_buffers;  // the same, as plugins see them
  std::uint64_t bytes = 0;             // of the payloads of its rows
  // Set: every record is rejected already (a custom partitioner's record errors), one entry each.
  std::vector<plugin::Rejection> rejections;

  // Set by `narrow`: the batch is just these of its records, ascending. Stays inside a chain.
  bool selects = false;
  std::vector<std::uint32_t> selection;

  std::span<sage_record> rows() const { return {records.data(), count}; }
  std::uint32_t size() const {
    return selects ? static_cast<std::uint32_t>(selection.size()) : count;
  }
  // The index of record `place` < size().
  std::uint32_t at(std::uint32_t place) const { return selects ? selection[place] : place; }
  std::uint64_t own_bytes() const;     // capacity of its envelopes and keys
  std::uint64_t pinned_bytes() const;  // with the buffers: what credits count
  std::uint32_t add_buffer(BufferRef buffer);
  void share_buffers(const Batch& other);
  void clear();
};

class BatchRef {
 public:
  BatchRef() = default;
  explicit BatchRef(Batch* batch) : batch_(batch) { retain(); }
  BatchRef(const BatchRef& other) : batch_(other.batch_) { retain(); }
  BatchRef(BatchRef&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
  BatchRef& operator=(BatchRef other) noexcept {
    std::swap(batch_, other.batch_);
    return *this;
  }
  ~BatchRef() { release(); }

  Batch* operator->() const { return batch_; }
  Batch& operator*() const { return *batch_; }
  explicit operator bool() const { return batch_ != nullptr; }
  bool unique() const { return batch_->refs.load(std::memory_order_acquire) == 1; }
  void reset() { *this = BatchRef(); }
  // For carriers of plain pointers: the reference goes along, and comes back once.
  Batch* release_to_carrier() { return std::exchange(batch_, nullptr); }
  static BatchRef from_carrier(Batch* batch) {
    BatchRef ref;
    ref.batch_ = batch;
    return ref;
  }

 private:
  void retain() {
    if (batch_ != nullptr)
      batch_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  void release();
  Batch* batch_ = nullptr;
};

// Batches and buffers for reuse. Outlives everything it gave out. [any]
class BatchPool {
 public:
  BatchPool() = default;
  ~BatchPool();
  BatchPool(const BatchPool&) = delete;
  BatchPool& operator=(const BatchPool&) = delete;

  static constexpr std::uint64_t kKeptBytesMax = 16u << 20;  // in batches that nobody uses

  BatchRef get(std::uint32_t records);  // empty, with room for so many
  BufferPool& buffers() { return buffers_; }
  // Of all batches and buffers that ever were at one time, in use or kept.
  std::uint64_t most_bytes() const { return bytes_.most() + buffers_.most_bytes(); }

 private:
  friend class BatchRef;
  static constexpr std::uint32_t kClasses = 13;  // 16, 32 .. 65536 rows
  void put_back(Batch* batch);

  BufferPool buffers_;
  Level bytes_;  // envelopes
  std::mutex mutex_;
  // Guarded by mutex_.
  std::array<std::vector<Batch*>, kClasses> free_;
  std::uint64_t kept_bytes_ = 0;
};

struct ViewOptions {
  bool edits = false;  // may be WRITABLE: it is when nobody else holds the batch or its buffers
  bool keys = false;   // the reader's stage has a key
};

// The batch as a plugin sees it.
sage_batch view(const BatchRef& batch, std::uint32_t input, std::int64_t watermark,
                ViewOptions options);

// Rows of `batch` by index, in a batch of their own that shares the buffers.
BatchRef select_rows(BatchPool& pool, const BatchRef& batch, std::span<const std::uint32_t> rows);
// Leaves the batch only these of its records: as a selection, or without one. No copy where nobody
// else holds it. `records` may be its selection, to leave it without one.
void narrow(BatchPool& pool, BatchRef& batch, std::span<const std::uint32_t> records,
            bool as_selection);
// Rows [begin, begin + n).
BatchRef slice(BatchPool& pool, const BatchRef& batch, std::uint32_t begin, std::uint32_t n);

}  // namespace sage::flow
