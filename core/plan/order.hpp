#pragma once
// Sorts the stages of a graph so that each follows those it reads; finds cycles. Pure. [any]

#include "base/result.hpp"
#include "plan/graph.hpp"
#include "spec/pipeline.hpp"

#include <cstdint>
#include <vector>

namespace sage::plan {

// Every stage once; among those that could come next, the first of the file. Each cycle is a
// finding; the stages in it and behind it come last, in file order, and are marked broken.
std::vector<std::uint32_t> sort_stages(const std::vector<spec::Stage>& stages, Graph& graph,
                                       Diagnostics& findings);

}  // namespace sage::plan
