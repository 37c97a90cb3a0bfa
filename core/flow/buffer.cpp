#include "flow/buffer.hpp"

#include <cstdlib>
#include <new>

namespace sage::flow {

namespace {

Buffer* allocate(std::uint64_t capacity) {
  const std::uint64_t bytes = (capacity + std::uint64_t{2} * SAGE_SLACK + 63) / 64 * 64;
  auto* block = static_cast<std::uint8_t*>(std::aligned_alloc(64, bytes));
  if (block == nullptr)
    throw std::bad_alloc();  // NOLINT: out of memory ends the process
  auto* buffer = new Buffer;
  buffer->data = block + SAGE_SLACK;
  buffer->capacity = capacity;
  return buffer;
}

void deallocate(Buffer* buffer) {
  std::free(buffer->data - SAGE_SLACK);
  delete buffer;
}

}  // namespace

void BufferRef::release() {
  if (buffer_ == nullptr)
    return;
  if (buffer_->refs.fetch_sub(1, std::memory_order_acq_rel) == 1)
    buffer_->pool->put_back(buffer_);
}

BufferPool::~BufferPool() {
  for (auto& list : free_) {
    for (Buffer* buffer : list)
      deallocate(buffer);
  }
}

BufferRef BufferPool::get(std::uint64_t bytes) {
  std::uint32_t size_class = 0;
  while (size_class < kClasses.size() && kClasses[size_class] < bytes)
    ++size_class;
  Buffer* buffer = nullptr;
  if (size_class < kUnpooled) {
    const std::lock_guard lock(mutex_);
    if (!free_[size_class].empty()) {
      buffer = free_[size_class].back();
      free_[size_class].pop_back();
    }
  }
  if (buffer == nullptr) {
    buffer = allocate(size_class < kUnpooled ? kClasses[size_class] : aligned(bytes));
    buffer->size_class = size_class;
    buffer->pool = this;
  }
  return BufferRef(buffer);
}

void BufferPool::put_back(Buffer* buffer) {
  if (buffer->size_class < kUnpooled) {
    const std::lock_guard lock(mutex_);
    auto& list = free_[buffer->size_class];
    if (list.size() * kClasses[buffer->size_class] < kKeptBytesMax) {
      list.push_back(buffer);
      return;
    }
  }
  deallocate(buffer);
}

}  // namespace sage::flow
