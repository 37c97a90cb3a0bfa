#pragma once
// The verdict on one file: is it a plugin that this engine can use, and if not, why? Reads the
// note, makes the private copy, has it scanned by a child, and remembers the answer. [any]

#include "base/result.hpp"
#include "plugin/registry.hpp"
#include "schema/catalogue.hpp"

#include <string>

namespace sage::plugin {

// For `sage plugin why FILE`: looks anew, whatever the cache says. The Error's message begins with
// the path.
Result<schema::PluginInfo> examine(const std::string& file, const RegistryConfig& config);

// For the registry: the same, from the cache where the file has not changed since.
Result<schema::PluginInfo> examine_cached(const std::string& file, const RegistryConfig& config);

}  // namespace sage::plugin
