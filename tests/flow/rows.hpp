#pragma once
// Batches of one int64 field for tests, and their values again.

#include "flow/batch.hpp"

#include <cstring>
#include <vector>

namespace sage::flow {

inline schema::SchemaPtr number_schema() {
  static const schema::SchemaPtr kSchema = schema::Schema::make({{"n", Type::kInt64}}).value();
  return kSchema;
}

inline BatchRef make_batch(BatchPool& pool, const std::vector<std::int64_t>& values) {
  BatchRef batch = pool.get(static_cast<std::uint32_t>(values.size()));
  batch->add_buffer(pool.buffers().get(8 * values.size()));
  for (std::size_t i = 0; i < values.size(); ++i) {
    std::memcpy(batch->buffers[0]->data + 8 * i, &values[i], 8);
    batch->records.data()[i] = {SAGE_NO_TS, 0, static_cast<std::uint32_t>(8 * i), 8, 0, 0};
  }
  batch->count = static_cast<std::uint32_t>(values.size());
  batch->bytes = 8 * values.size();
  return batch;
}

inline std::vector<std::int64_t> values_of(const BatchRef& batch) {
  std::vector<std::int64_t> values;
  for (const sage_record& record : batch->rows()) {
    std::int64_t value = 0;
    std::memcpy(&value, batch->c_buffers[record.buf].data + record.off, 8);
    values.push_back(value);
  }
  return values;
}

}  // namespace sage::flow
