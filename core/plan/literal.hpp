#pragma once
// Reads the default values of operator descriptions, which are small TOML literals. [any]

#include "spec/value.hpp"

#include <optional>
#include <string_view>

namespace sage::plan {

// `false`, `10`, `-0.5`, `"10s"`, `'a'`, `[]`, `["a", "b"]`, `{}`. nullopt: none of these. Places
// are not set.
std::optional<spec::Value> read_literal(std::string_view text);

}  // namespace sage::plan
