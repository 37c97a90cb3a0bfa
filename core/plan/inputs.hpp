#pragma once
// The streams that reach a stage: their schemas, unions, and what the operator's ports demand.
// Pure. [any]

#include "base/result.hpp"
#include "plan/resolve.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::plan {

// Collects the inputs of a stage from the stages it reads, all resolved before, and whether they
// are bounded. False: one of them failed, or a union does not fit (a finding).
bool gather_inputs(const PlanContext& context, std::uint32_t stage,
                   std::vector<ResolvedStage>& all);

// The fields that the operator's input ports list must be there.
void check_static_inputs(const PlanContext& context, std::uint32_t stage,
                         const ResolvedStage& resolved);

struct Reader {
  std::string name;  // "agg/count"
  Place place;
};
void check_fields(const PlanContext& context, const schema::PortInfo& port,
                  const schema::Schema& input, const Reader& reader);

}  // namespace sage::plan
