#include "plan/placement.hpp"

#include <algorithm>
#include <optional>

namespace sage::plan {
namespace {

// Its operator, or a partitioner behind it, which runs in the same task.
bool may_block(const Plan& plan, std::uint32_t chain) {
  const std::uint32_t first = plan.chains[chain].stages.front();  // such a stage is alone
  return may_block(plan.stages[first].op) ||
         std::any_of(plan.edges.begin(), plan.edges.end(), [&](const Edge& edge) {
           return edge.partitioner && plan.stages[edge.from].chain == chain &&
                  may_block(*edge.partitioner);
         });
}

// Where the chain's first input comes from; nothing: it is a source, or not the first that reads
// from there.
std::optional<std::uint32_t> feeder(const Plan& plan, std::uint32_t chain) {
  const auto into = [&](std::uint32_t stage) {
    return std::find_if(plan.edges.begin(), plan.edges.end(), [&](const Edge& edge) {
      return edge.to == stage && !edge.fused && edge.port != kErrorPort;
    });
  };
  const auto edge = into(plan.chains[chain].stages.front());
  if (edge == plan.edges.end())
    return std::nullopt;
  for (std::uint32_t c = 0; c < chain; ++c) {
    const auto other = into(plan.chains[c].stages.front());
    if (other != plan.edges.end() && other->from == edge->from)
      return std::nullopt;
  }
  return plan.stages[edge->from].chain;
}

class Assignment {
 public:
  Assignment(const Plan& plan, std::uint32_t cpus) : plan_(plan) {
    std::uint32_t tasks = 0;
    for (std::uint32_t c = 0; c < plan.chains.size(); ++c)
      tasks += may_block(plan, c) ? 0 : plan.chains[c].parallelism;
    load_.resize(std::clamp(tasks, 1u, std::max(cpus, 1u)));
    made_.count = made_.shared = static_cast<std::uint32_t>(load_.size());
  }

  Placement make() {
    for (std::uint32_t c = 0; c < plan_.chains.size(); ++c) {
      const bool own = may_block(plan_, c);
      made_.executor_of.emplace_back();
      for (std::uint32_t i = 0; i < plan_.chains[c].parallelism; ++i)
        made_.executor_of.back().push_back(own ? made_.count++ : place(c, i));
    }
    return std::move(made_);
  }

 private:
  std::uint32_t place(std::uint32_t chain, std::uint32_t index) {
    const auto executors = static_cast<std::uint32_t>(load_.size());
    const bool wide = plan_.chains[chain].parallelism >= executors;
    const std::uint32_t to = wide ? index % executors : narrow(chain, index);
    ++load_[to];
    return to;
  }

  std::uint32_t narrow(std::uint32_t chain, std::uint32_t index) const {
    if (const auto from = feeder(plan_, chain)) {
      const std::vector<std::uint32_t>& before = made_.executor_of[*from];
      if (index < before.size() && before[index] < load_.size())
        return before[index];
    }
    return static_cast<std::uint32_t>(std::min_element(load_.begin(), load_.end()) - load_.begin());
  }

  const Plan& plan_;
  Placement made_;
  std::vector<std::uint32_t> load_;  // tasks, per executor that they share
};

}  // namespace

Placement place_tasks(const Plan& plan, std::uint32_t cpus) {
  return Assignment(plan, cpus).make();
}

}  // namespace sage::plan
