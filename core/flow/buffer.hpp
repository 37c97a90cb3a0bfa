#pragma once
// Payload memory: reference-counted buffers in size classes, reused through a pool. A buffer has
// SAGE_SLACK touchable bytes before and after its data. The pool outlives its buffers. [any]

#include "base/counter.hpp"

#include <sage/plugin.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace sage::flow {

class BufferPool;

// Payloads begin at multiples of eight bytes.
constexpr std::uint64_t aligned(std::uint64_t bytes) { return (bytes + 7) & ~std::uint64_t{7}; }

// One allocation; handled through BufferRef.
struct Buffer {
  std::atomic<std::uint32_t> refs{0};
  std::uint32_t size_class = 0;
  std::uint8_t* data = nullptr;
  std::uint64_t capacity = 0;
  BufferPool* pool = nullptr;
};

class BufferRef {
 public:
  BufferRef() = default;
  explicit BufferRef(Buffer* buffer) : buffer_(buffer) { retain(); }
  BufferRef(const BufferRef& other) : buffer_(other.buffer_) { retain(); }
  BufferRef(BufferRef&& other) noexcept : buffer_(std::exchange(other.buffer_, nullptr)) {}
  BufferRef& operator=(BufferRef other) noexcept {
    std::swap(buffer_, other.buffer_);
    return *this;
  }
  ~BufferRef() { release(); }

  Buffer* operator->() const { return buffer_; }
  Buffer* get() const { return buffer_; }
  explicit operator bool() const { return buffer_ != nullptr; }
  void reset() { *this = BufferRef(); }
  bool unique() const { return buffer_->refs.load(std::memory_order_acquire) == 1; }

 private:
  void retain() {
    if (buffer_ != nullptr)
      buffer_->refs.fetch_add(1, std::memory_order_relaxed);
  }
  void release();
  Buffer* buffer_ = nullptr;
};

class BufferPool {
 public:
  BufferPool() = default;
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  static constexpr std::uint64_t kKeptBytesMax = 32u << 20;  // in buffers that nobody uses

  // At least `bytes` of capacity; contents are whatever was there before.
  BufferRef get(std::uint64_t bytes);
  // Of all buffers that ever were at one time, in use or kept.
  std::uint64_t most_bytes() const { return bytes_.most(); }

 private:
  friend class BufferRef;
  static constexpr std::array<std::uint64_t, 6> kClasses = {4u << 10,   16u << 10, 64u << 10,
                                                            256u << 10, 1u << 20,  4u << 20};
  static constexpr std::uint32_t kUnpooled = kClasses.size();

  void put_back(Buffer* buffer);

  Level bytes_;
  std::mutex mutex_;
  // Guarded by mutex_.
  std::array<std::vector<Buffer*>, kClasses.size()> free_;
  std::uint64_t kept_bytes_ = 0;
};

}  // namespace sage::flow
