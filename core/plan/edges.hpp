#pragma once
// How many instances each stage has, and how records are divided over them. Pure. [any]

#include "plan/settle.hpp"

#include <cstdint>
#include <vector>

namespace sage::plan {

// Per stage: `parallelism` as written, or the pipeline's, reduced to what the operator can do.
std::vector<std::uint32_t> find_parallelism(const Workspace& space,
                                            const std::vector<Settled>& settled);

// The edges into all stages that did not fail, in the order of the stages and of their inputs.
std::vector<Edge> make_edges(const Workspace& space, const std::vector<Settled>& settled,
                             const std::vector<std::uint32_t>& parallelism);

}  // namespace sage::plan
