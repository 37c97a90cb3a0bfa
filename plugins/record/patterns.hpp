#pragma once
// string.find, match, gmatch and gsub, whose work is bounded.

#include <lua.hpp>

namespace sage::record {

// Sets them in the table on top of the stack. In protected mode.
void set_pattern_functions(lua_State* state);

}  // namespace sage::record
