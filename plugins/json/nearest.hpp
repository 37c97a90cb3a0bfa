#pragma once
// Hints for names that are not known.

#include <span>
#include <string>
#include <string_view>

namespace sage::json {

// "did you mean 'user_id'?" where one of the names is close to `wrong`, else "known are: a, b" (a
// few of them); empty if there are none.
std::string hint_for(std::string_view wrong, std::span<const std::string> names);

}  // namespace sage::json
