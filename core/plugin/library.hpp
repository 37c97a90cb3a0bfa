#pragma once
// A plugin library in this process. Loaded once per digest and never unloaded, because objects of
// its code may live anywhere; its entry point runs once. Only user of Boost.DLL. [control]

#include "base/result.hpp"

#include <sage/plugin.h>

#include <string>

namespace sage::plugin {

// Loads the library at `path` and calls its entry point; the plugin's init is not called.
Result<const sage_plugin*> load_library(const std::string& path);

// Calls the plugin's init, if it has one. E0326: it fails.
Status begin(const sage_plugin* theirs);

// load_library and begin, once for each digest.
Result<const sage_plugin*> load_plugin(const std::string& path, const std::string& digest);

}  // namespace sage::plugin
