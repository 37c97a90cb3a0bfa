#pragma once
// The names in a Lua expression, found by its tokens. The text is taken to be valid Lua.

#include <string>
#include <string_view>
#include <vector>

namespace sage::record {

// A name that is not the member of something, not a key in a table constructor and not a label.
struct NameUse {
  std::string_view name;
  // `name.member` or `name["member"]`: the member, otherwise empty.
  std::string_view member;
  bool called = false;  // an argument list follows
};

struct Names {
  std::vector<NameUse> uses;
  // Locals and parameters, wherever they are declared.
  std::vector<std::string_view> declared;
  std::vector<std::string_view> keywords;
  bool has_function = false;  // there may be loops and assignments
};

// Views into `expression`.
Names scan_names(std::string_view expression);

// A word that Lua keeps for itself, such as `end`.
bool is_keyword(std::string_view word);

}  // namespace sage::record
