#pragma once
// Which members of an object are wanted: the paths of all fields as a tree.

#include "fields.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sage::json {

struct Member {
  std::string name;
  bool plain = true;                  // its bytes are those of its JSON text
  std::vector<std::uint32_t> fields;  // what its value gives, as indexes of fields
  std::vector<Member> inner;          // what is wanted of it where it is an object
};

// The members wanted of the outermost object.
std::vector<Member> member_tree(const std::vector<JsonField>& fields);

}  // namespace sage::json
