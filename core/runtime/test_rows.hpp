#pragma once
// Rows of a [[test]] as records: types them by a schema, and prints records as JSON. [control]

#include "flow/batch.hpp"
#include "schema/schema.hpp"
#include "spec/pipeline.hpp"

#include <string>
#include <vector>

namespace sage::runtime {

// The rows (tables) as batches of at most `batch_records`. Every field must be given, no other may
// be; a wrong row is an Error (E0225) with its place.
Result<std::vector<flow::BatchRef>> make_test_rows(flow::BatchPool& pool,
                                                   const schema::SchemaPtr& schema,
                                                   const std::vector<spec::Value>& rows,
                                                   std::uint32_t batch_records);

// {"word":"a","n":2}
void append_rows_as_json(const flow::Batch& batch, const schema::Schema& schema,
                         std::vector<std::string>& to);

}  // namespace sage::runtime
