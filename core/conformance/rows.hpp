#pragma once
// Records made for a test of an operator, of any schema: usual ones, and ones at the edge of what
// their types can hold. The same every time. [any]

#include "flow/batch.hpp"
#include "schema/schema.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::conformance {

// One batch of n <= 65536 records; short texts with few different words, numbers that grow.
flow::BatchRef usual_rows(flow::BatchPool& pool, const schema::SchemaPtr& schema, std::uint32_t n);

struct NamedBatch {
  std::string name;  // "records with NUL bytes in texts"
  flow::BatchRef batch;
};

// Empty, odd, very long and extreme values.
std::vector<NamedBatch> hard_rows(flow::BatchPool& pool, const schema::SchemaPtr& schema);

}  // namespace sage::conformance
