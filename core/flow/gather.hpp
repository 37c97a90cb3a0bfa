#pragma once
// The sending side of an exchange: copies each row once into the batch under way for its receiver.
// A batch leaves when it is full, or when it is closed because its rows have waited long enough.
// Used by the sender's task thread.

#include "flow/batch.hpp"

#include <cstdint>
#include <functional>
#include <vector>

namespace sage::flow {

// What goes to receiver `index`.
using SendFn = std::function<void(std::uint32_t index, BatchRef batch)>;

class Gather {
 public:
  struct Shape {
    std::uint32_t receivers = 1;
    std::uint32_t batch_records = 4096;  // at most
    std::uint64_t body_bytes = 8;        // of the schema: no payload is shorter
  };
  // keyed: keys travel with their rows.
  Gather(BatchPool& pool, const Shape& shape, bool keyed);

  // Row i goes to target[i] < receivers; SAGE_NO_INDEX: nowhere.
  void add(const Batch& from, const std::uint32_t* target, const SendFn& send);
  // Sends every batch under way.
  void close(const SendFn& send);
  // Sends those that were under way at the last such call already.
  void close_old(const SendFn& send);
  bool empty() const { return held_ == 0; }

  // What it may hold, where no record is larger than a batch's buffer.
  static std::uint64_t held_bytes(const Shape& shape);

 private:
  // The batch under way for one receiver; what is known of it lies here until it is handed over.
  struct Part {
    BatchRef batch;
    sage_record* records = nullptr;
    sage_key* keys = nullptr;
    std::uint8_t* data = nullptr;
    std::uint64_t fill = 0;
    std::uint64_t capacity = 0;
    std::uint64_t bytes = 0;
    std::uint32_t count = 0;
    bool old = false;
  };
  enum class Keys { kNone, kInPayload, kApart };
  template <Keys kKeys>
  void copy_rows(const Batch& from, const std::uint32_t* target, const SendFn& send);
  void begin(Part& part, std::uint64_t bytes);
  void hand_over(std::uint32_t index, const SendFn& send);

  BatchPool& pool_;
  bool keyed_;
  std::uint64_t bytes_;  // of a batch's buffer, unless one record needs more
  std::uint32_t rows_;   // of a batch, at most
  std::uint32_t held_ = 0;
  std::vector<Part> parts_;
};

}  // namespace sage::flow
