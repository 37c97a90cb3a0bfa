#pragma once
// The option `emit` of the aggregates: when rows leave.

#include <sage/plugin.hpp>

namespace sage::agg {

enum class Emit {
  kEnd,     // one row per key, when bounded input has ended
  kUpdate,  // one row per record
};

Option emit_option();

// Reports a value that is not supported.
void check_emit(Resolve& resolve, const Config& options);

// Without a value: kEnd for bounded input, else kUpdate.
Emit emit_of(const Config& options, bool bounded);

// The fields of the key, in key_by order. Without a key the stage has one instance, which is set.
std::vector<FieldSpec> key_specs(Resolve& resolve);

}  // namespace sage::agg
