#pragma once
// What expressions may call: the libraries string, math and utf8, and a few functions.

#include <span>
#include <string>

#include <lua.hpp>

namespace sage::record {

// The names that expressions know beside the fields, the three libraries first.
std::span<const std::string> library_names();
bool is_library(std::string_view name);   // string, math, utf8
bool is_function(std::string_view name);  // error, assert and so on

// Pushes a table with the values of library_names(), in their order. `shared`: the libraries are
// Lua's own tables, which is faster, for code that cannot assign; else they are read only. In
// protected mode.
void push_library(lua_State* state, bool shared);

}  // namespace sage::record
