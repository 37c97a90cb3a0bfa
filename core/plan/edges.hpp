#pragma once
// How many instances each stage has, and how records are divided over them. Pure. [any]

#include "plan/resolve.hpp"

#include <cstdint>
#include <vector>

namespace sage::plan {

// Per stage: `parallelism` as written, or the pipeline's, reduced to what the operator can do.
std::vector<std::uint32_t> find_parallelism(const PlanContext& context,
                                            const std::vector<ResolvedStage>& resolved);

// The edges into all stages that did not fail, in the order of the stages and of their inputs.
std::vector<Edge> make_edges(const PlanContext& context, const std::vector<ResolvedStage>& resolved,
                             const std::vector<std::uint32_t>& parallelism);

}  // namespace sage::plan
