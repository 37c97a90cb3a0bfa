#pragma once
// Lua's messages in the words of a pipeline.

#include <sage/plugin.hpp>

#include <string>
#include <string_view>

namespace sage::record {

// What Lua calls the text of an expression, in front of its messages.
inline constexpr const char* kChunkName = "=(expression)";

// Without the chunk's name; the line only if it is not the first one; locals that are fields are
// called so.
std::string clean_message(std::string_view message, SchemaView input);

// A name that never means the field that has it: Lua's keywords, the library, `r` and `_ENV`.
bool is_reserved(std::string_view name);

}  // namespace sage::record
