#include "flow/buffer.hpp"

#include <cstdlib>
#include <new>
#include <sys/mman.h>

namespace sage::flow {

namespace {

constexpr std::uint64_t kMappedBytes = 4u << 20;  // larger ones come from and go to the system

std::uint64_t block_bytes(std::uint64_t capacity) {
  return (capacity + std::uint64_t{2} * SAGE_SLACK + 63) / 64 * 64;
}

// Large blocks, of all sizes, would leave holes in the heap.
void* new_block(std::uint64_t bytes) {
  if (bytes <= kMappedBytes)
    return std::aligned_alloc(64, bytes);
  void* block = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return block == MAP_FAILED ? nullptr : block;
}

Buffer* allocate(std::uint64_t capacity) {
  auto* block = static_cast<std::uint8_t*>(new_block(block_bytes(capacity)));
  if (block == nullptr)
    throw std::bad_alloc();  // NOLINT: out of memory ends the process
  auto* buffer = new Buffer;
  buffer->data = block + SAGE_SLACK;
  buffer->capacity = capacity;
  return buffer;
}

void deallocate(Buffer* buffer) {
  std::uint8_t* const block = buffer->data - SAGE_SLACK;
  const std::uint64_t bytes = block_bytes(buffer->capacity);
  if (bytes <= kMappedBytes) {
    std::free(block);
  } else {
    munmap(block, bytes);
  }
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
      kept_bytes_ -= buffer->capacity;
    }
  }
  if (buffer == nullptr) {
    buffer = allocate(size_class < kUnpooled ? kClasses[size_class] : aligned(bytes));
    buffer->size_class = size_class;
    buffer->pool = this;
    bytes_.rise(buffer->capacity);
  }
  return BufferRef(buffer);
}

void BufferPool::put_back(Buffer* buffer) {
  if (buffer->size_class < kUnpooled) {
    const std::lock_guard lock(mutex_);
    if (kept_bytes_ + buffer->capacity <= kKeptBytesMax) {
      kept_bytes_ += buffer->capacity;
      free_[buffer->size_class].push_back(buffer);
      return;
    }
  }
  bytes_.fall(buffer->capacity);
  deallocate(buffer);
}

}  // namespace sage::flow
