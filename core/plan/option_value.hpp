#pragma once
// Converts one option value as written to the type that the operator's description wants. [any]

#include "base/result.hpp"
#include "schema/catalogue.hpp"
#include "schema/option.hpp"
#include "schema/schema.hpp"
#include "spec/value.hpp"

#include <string>

namespace sage::plan {

// `name` is the option's path for messages ("rename.old"), `input` the schema for options of type
// FIELD (nullptr: unknown, any name is taken). List and table flags are the caller's business.
Result<schema::OptionValue> convert_scalar(const schema::OptionInfo& option,
                                           const std::string& name, const spec::Value& value,
                                           const schema::Schema* input);

// Everything as it is written, for options of type ANY.
schema::OptionValue copy_value(const spec::Value& value);

// 90000000000 -> "90s": in the longest unit that divides it.
std::string duration_text(std::int64_t ns);

}  // namespace sage::plan
