#pragma once
// Looks at a plugin file in a child process (sage-plugin-scan), which may crash, hang or babble
// without harm to this one. [any]

#include "base/result.hpp"
#include "schema/catalogue.hpp"

#include <string>

namespace sage::plugin {

// What the library `file` describes. An Error says what became of the child.
Result<schema::PluginInfo> scan(const std::string& scanner, const std::string& file,
                                int timeout_ms);

}  // namespace sage::plugin
