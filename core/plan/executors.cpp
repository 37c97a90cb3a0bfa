#include "plan/executors.hpp"

#include <sage/plugin.h>

#include <algorithm>

namespace sage::plan {
namespace {

bool may_block(const Plan& plan, const Chain& chain) {
  return std::any_of(chain.stages.begin(), chain.stages.end(), [&](std::uint32_t stage) {
    return (plan.stages[stage].op.info->traits & SAGE_TRAIT_MAY_BLOCK) != 0;
  });
}

// The chain that feeds the first stage of this one; itself: none does.
std::uint32_t feeder(const Plan& plan, std::uint32_t chain) {
  for (const Edge& edge : plan.edges) {
    if (edge.to == plan.chains[chain].stages.front())
      return plan.stages[edge.from].chain;
  }
  return chain;
}

class Assignment {
 public:
  Assignment(const Plan& plan, std::uint32_t cpus) : plan_(plan) {
    std::uint32_t tasks = 0;
    for (const Chain& chain : plan.chains)
      tasks += may_block(plan, chain) ? 0 : chain.parallelism;
    load_.resize(std::clamp(tasks, 1u, std::max(cpus, 1u)));
    made_.count = made_.shared = static_cast<std::uint32_t>(load_.size());
  }

  Executors make() {
    for (std::uint32_t c = 0; c < plan_.chains.size(); ++c) {
      const Chain& chain = plan_.chains[c];
      made_.of.emplace_back();
      for (std::uint32_t i = 0; i < chain.parallelism; ++i)
        made_.of.back().push_back(may_block(plan_, chain) ? made_.count++ : place(c, i));
    }
    return std::move(made_);
  }

 private:
  std::uint32_t place(std::uint32_t chain, std::uint32_t index) {
    const auto executors = static_cast<std::uint32_t>(load_.size());
    std::uint32_t to = index % executors;
    if (plan_.chains[chain].parallelism < executors)
      to = least_loaded(chain, index);
    ++load_[to];
    return to;
  }

  std::uint32_t least_loaded(std::uint32_t chain, std::uint32_t index) const {
    const auto least = std::min_element(load_.begin(), load_.end());
    const std::vector<std::uint32_t>& before = made_.of[feeder(plan_, chain)];
    if (!before.empty()) {
      const std::uint32_t near = before[index % before.size()];
      if (near < load_.size() && load_[near] == *least)
        return near;
    }
    return static_cast<std::uint32_t>(least - load_.begin());
  }

  const Plan& plan_;
  Executors made_;
  std::vector<std::uint32_t> load_;  // tasks, per executor that they share
};

}  // namespace

Executors assign_executors(const Plan& plan, std::uint32_t cpus) {
  return Assignment(plan, cpus).make();
}

}  // namespace sage::plan
