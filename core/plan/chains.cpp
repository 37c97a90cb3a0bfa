#include "plan/chains.hpp"

#include <vector>

namespace sage::plan {
namespace {

struct Degree {
  std::uint32_t readers = 0;  // edges out of ordinary ports
  std::uint32_t inputs = 0;
};

std::vector<Degree> count_edges(const Plan& plan) {
  std::vector<Degree> degrees(plan.stages.size());
  for (const Edge& edge : plan.edges) {
    if (edge.port != kErrorPort)
      ++degrees[edge.from].readers;
    ++degrees[edge.to].inputs;
  }
  return degrees;
}

// Record i of the sender can only go to instance i of the receiver.
bool is_straight(const Edge& edge, const Stage& from, const Stage& to) {
  if (edge.kind == EdgeKind::kCustom)
    return false;  // its verdict has to be checked
  if (from.parallelism != to.parallelism)
    return false;
  return edge.kind == EdgeKind::kForward || from.parallelism == 1;
}

}  // namespace

void make_chains(Plan& plan, const std::vector<std::uint32_t>& order) {
  const std::vector<Degree> degrees = count_edges(plan);
  std::vector<const Edge*> fused_into(plan.stages.size());
  for (Edge& edge : plan.edges) {
    const Stage& from = plan.stages[edge.from];
    const Stage& to = plan.stages[edge.to];
    edge.fused = edge.port != kErrorPort && degrees[edge.to].inputs == 1 &&
                 degrees[edge.from].readers == 1 && is_straight(edge, from, to) &&
                 !may_block(from.op) && !may_block(to.op);
    if (edge.fused)
      fused_into[edge.to] = &edge;
  }
  for (const std::uint32_t stage : order) {
    Stage& self = plan.stages[stage];
    if (const Edge* edge = fused_into[stage]) {
      self.chain = plan.stages[edge->from].chain;
    } else {
      self.chain = static_cast<std::uint32_t>(plan.chains.size());
      plan.chains.push_back({{}, self.parallelism});
    }
    plan.chains[self.chain].stages.push_back(stage);
  }
}

}  // namespace sage::plan
