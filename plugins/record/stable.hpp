#pragma once
// In place of those of Lua's functions whose answers depend on chance or on addresses, which differ
// from process to process: rows must not.

#include <string_view>

#include <lua.hpp>

namespace sage::record {

// Pushes what `tostring` answers for the value at `index`: the type, where a value has no text.
void push_text(lua_State* state, int index);
// Lua's `tostring`.
int to_string(lua_State* state);
// Replaces `format` of the library `string`, which is on top of the stack: no %p, %s as above.
void set_format(lua_State* state);

// What `math` has in Lua and not here.
bool is_chance(std::string_view member);
// Replaces it in the library `math`, which is on top of the stack, by functions that raise an
// error.
void refuse_chance(lua_State* state);

inline constexpr const char* kWithoutChance =
    "rows must be the same in every run: make the number of the record's fields";

}  // namespace sage::record
