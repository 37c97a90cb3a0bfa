#pragma once
// A plan for the eye and for other programs: what `sage graph` prints. Pure. [any]

#include "plan/plan.hpp"

#include <cstdint>
#include <string>

namespace sage::plan {

// Channels of an edge: one from each sender to each receiver that it can reach; fused: none.
std::uint64_t channel_count(const Plan& plan, const Edge& edge);

// Chains with their stages, how each is fed, and the schemas of what comes out.
std::string graph_text(const Plan& plan);

// The same as a Graphviz digraph and as a Mermaid flowchart: one box per stage, one frame per
// chain.
std::string graph_dot(const Plan& plan);
std::string graph_mermaid(const Plan& plan);

// A pipeline file that makes the same plan, with every default written out. The values of secret
// options are masked unless they are references (${cred:NAME}).
std::string graph_toml(const Plan& plan);

}  // namespace sage::plan
