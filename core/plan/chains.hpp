#pragma once
// Cuts the stages of a plan into chains: stages that one task runs by direct calls. Pure. [any]

#include "plan/plan.hpp"

namespace sage::plan {

// Needs stages and edges; sets Edge::fused, Stage::chain and Plan::chains. `order` lists the stages
// so that each follows those it reads.
void make_chains(Plan& plan, const std::vector<std::uint32_t>& order);

}  // namespace sage::plan
