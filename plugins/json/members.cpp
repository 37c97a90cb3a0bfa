#include "members.hpp"

#include <algorithm>

namespace sage::json {

std::vector<Member> member_tree(const std::vector<JsonField>& fields) {
  std::vector<Member> roots;
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    std::vector<Member>* level = &roots;
    Member* member = nullptr;
    for (const std::string& name : fields[i].path) {
      auto found = std::ranges::find(*level, name, &Member::name);
      if (found == level->end()) {
        const bool plain = name.find_first_of("\"\\") == std::string::npos;
        found = level->insert(found, {name, plain, {}, {}});
      }
      member = &*found;
      level = &member->inner;
    }
    if (member != nullptr)  // a path has at least one name
      member->fields.push_back(i);
  }
  return roots;
}

}  // namespace sage::json
