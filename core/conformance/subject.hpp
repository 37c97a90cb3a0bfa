#pragma once
// An operator with everything that its instances need: options, input schemas that it accepts, the
// schemas that it gives. [control] Finding them asks the operator's schema role.

#include "conformance/outcome.hpp"
#include "plugin/instance_spec.hpp"
#include "plugin/registry.hpp"
#include "schema/option.hpp"
#include "schema/schema.hpp"
#include "spec/value.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sage::conformance {

struct Subject {
  plugin::LoadedOperator op;
  schema::OptionTable options;
  std::vector<schema::SchemaPtr> inputs;
  std::vector<schema::SchemaPtr> outputs;
  std::vector<std::uint32_t> keys;  // of inputs[0]
};

// Without a subject the outcome says why there can be none.
struct Prepared {
  std::optional<Subject> subject;
  Outcome outcome;
};

Prepared prepare(const plugin::LoadedOperator& op, const spec::Table& with);

// The operator with what its options may be, where they are not given, for options that are tried
// one by one: it need not work.
Subject unprepared(const plugin::LoadedOperator& op, const spec::Table& with);

// For an instance, which borrows the subject's options and schemas.
plugin::InstanceSpec instance_spec(const Subject& subject);

// A key for records of this schema: the first text, else the first field that may be one at all;
// empty: none may.
std::vector<std::uint32_t> key_fields(const schema::Schema& schema);

// What the operator's schema role says of these options; inputs and keys are the subject's.
Status resolve_outputs(Subject& subject);

// An input that takes every schema gets one with a field of every type, named after it: `bool`,
// `int64`, ... `list_float32`.
std::string field_name(Type type);

}  // namespace sage::conformance
