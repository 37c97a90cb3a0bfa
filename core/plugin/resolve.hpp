#pragma once
// Asks the schema role of an operator, which is plugin code. [control]

#include "plugin/registry.hpp"
#include "schema/resolution.hpp"

namespace sage::plugin {

// Without such a role the answer says nothing.
schema::Resolution resolve(const LoadedOperator& op, const schema::ResolveQuery& query);

}  // namespace sage::plugin
