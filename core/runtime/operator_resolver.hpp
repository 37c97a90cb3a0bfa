#pragma once
// Lets the plan ask the plugins of this machine. [control]

#include "plan/plan.hpp"
#include "plugin/registry.hpp"

namespace sage::runtime {

// The registry must outlive the answer. `resolve` loads plugins and runs their schema role.
plan::OperatorResolver make_operator_resolver(plugin::Registry& registry);

}  // namespace sage::runtime
