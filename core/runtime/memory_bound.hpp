#pragma once
// What the records of a job can take up between and inside its operators, before it runs: the sum
// of what credits, exchanges and calls may hold. State, and what plugins allocate, come on top.
// Pure. [any]

#include "plan/plan.hpp"

#include <cstdint>

namespace sage::runtime {

struct MemoryBound {
  std::uint64_t channels = 0;
  std::uint64_t usual = 0;    // bytes, where no record or call gives more than a batch's worth
  std::uint64_t largest = 0;  // bytes, where every record has 16 MiB
};

MemoryBound memory_bound(const plan::Plan& plan, std::uint32_t batch_records);

}  // namespace sage::runtime
