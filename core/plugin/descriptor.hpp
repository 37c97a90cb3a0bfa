#pragma once
// Reads a plugin's description from its C tables into plain values, and refuses one that breaks a
// rule of the interface: missing texts, illegal names, roles that the kind needs, senseless counts.
// Runs get_role, which is plugin code, and follows the plugin's pointers: unless the same file was
// looked at before, do it in a process that may crash. [control]

#include "base/result.hpp"
#include "schema/catalogue.hpp"

#include <sage/plugin.h>

#include <string_view>

namespace sage::plugin {

// `file` and `digest` stay empty.
Result<schema::PluginInfo> describe_plugin(const sage_plugin* theirs);
Result<schema::OperatorInfo> describe_operator(const sage_operator* theirs);

// [a-z0-9][a-z0-9_-]*, at most 63 characters.
bool is_legal_id(std::string_view id);

}  // namespace sage::plugin
