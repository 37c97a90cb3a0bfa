#pragma once
// Which executor (thread) runs which task of a job in one process. Pure. [any]

#include "plan/plan.hpp"

#include <cstdint>
#include <vector>

namespace sage::plan {

struct Placement {
  std::vector<std::vector<std::uint32_t>> executor_of;  // per chain, per index: the task's executor
  std::uint32_t count = 1;
  std::uint32_t shared = 1;  // the first ones; the others have one task each
};

// Operators that may block get a thread for each instance; all other tasks share at most `cpus`
// executors. A chain with as many instances as executors, or more, is spread evenly, so that equal
// indexes of two chains meet on one executor and both ends of a straight edge are local. A narrower
// one stays where its input comes from, as a second thread between cheap operators costs more than
// it gains; other readers of the same stage go where the fewest tasks are.
Placement place_tasks(const Plan& plan, std::uint32_t cpus);

}  // namespace sage::plan
