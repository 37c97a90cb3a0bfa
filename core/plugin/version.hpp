#pragma once
// Version texts such as "1.10.0" or "2.0.0-rc1", compared number by number. Pure. [any]

#include <string_view>

namespace sage::plugin {

// Numbers with dots between them, then optionally "-" or "+" and letters, digits, dots, dashes; at
// most 31 characters.
bool is_version(std::string_view text);

// Negative, 0, positive as a < b, a == b, a > b. "1.2" equals "1.2.0"; "2.0-rc1" is before "2.0".
int compare_versions(std::string_view a, std::string_view b);

// True where `version` begins with the numbers of `pin`: "1.2" takes 1.2 and 1.2.7, not 1.20. A pin
// with a suffix takes just that version.
bool matches_pin(std::string_view version, std::string_view pin);

}  // namespace sage::plugin
