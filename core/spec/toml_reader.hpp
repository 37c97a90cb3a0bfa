#pragma once
// Text of a TOML file -> a tree of Values in the order of the file, each with its place. The only
// user of the TOML library. Pure. [any]

#include "base/result.hpp"
#include "spec/value.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sage::spec {

// The first error, if there is one. Dates and times become texts as they are written.
Result<Table> read_toml(std::string_view text, const std::string& file);

// One value as it would stand behind a key, such as the default of an option. nullopt: it is none.
std::optional<Value> read_toml_value(std::string_view text);

// The lines of a text without their ends.
std::vector<std::string> split_lines(std::string_view text);

}  // namespace sage::spec
