#pragma once
// The rules of `key_by`: which fields are the key of each input. Pure. [any]

#include "plan/resolve.hpp"

#include <cstdint>
#include <vector>

namespace sage::plan {

// What can be told without schemas: key_by beside partition, key_by where the operator needs one.
void check_key_rules(const PlanContext& context, std::uint32_t stage);

// Per input, the indexes of the key_by fields, in their order. Unknown fields, lists, and types
// that differ between inputs are findings.
std::vector<std::vector<std::uint32_t>> find_keys(const PlanContext& context, std::uint32_t stage,
                                                  const ResolvedStage& resolved);

}  // namespace sage::plan
