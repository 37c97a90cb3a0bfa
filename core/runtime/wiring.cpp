// Job, part one: from the plan to tasks and channels.

#include "flow/partitioner.hpp"
#include "runtime/job.hpp"

#include <algorithm>

namespace sage::runtime {
namespace {

// Records reach the stage by its key, within the chain.
bool is_keyed_inside(const plan::Plan& plan, std::uint32_t stage) {
  return std::any_of(plan.edges.begin(), plan.edges.end(), [&](const plan::Edge& edge) {
    return edge.to == stage && edge.fused && edge.kind == plan::EdgeKind::kHash;
  });
}

}  // namespace

JobContext Job::context(plugin::Registry& registry) const {
  return {plan_, registry, options_.log, options_.log_level};
}

Status Job::make_tasks(plugin::Registry& registry) {
  stages_.resize(plan_.stages.size());
  for (std::uint32_t c = 0; c < plan_.chains.size(); ++c) {
    chains_.emplace_back();
    for (std::uint32_t i = 0; i < plan_.chains[c].parallelism; ++i)
      SAGE_CHECK(make_task(registry, c, i));
  }
  for (const plan::Edge& edge : plan_.edges) {
    if (!edge.fused)
      SAGE_CHECK(connect(registry, edge));
  }
  return Ok{};
}

Status Job::make_task(plugin::Registry& registry, std::uint32_t number, std::uint32_t index) {
  const plan::Chain& chain = plan_.chains[number];
  std::vector<flow::OperatorSpec> specs;
  for (const std::uint32_t s : chain.stages) {
    const plan::Stage& stage = plan_.stages[s];
    SAGE_TRY(auto made, make_operator(context(registry), stage, index, stage.parallelism,
                                      is_keyed_inside(plan_, s)));
    specs.push_back(std::move(made));
  }
  flow::TaskContext around{&pool_, options_.clock, options_.batch_records, &limit_,
                           options_.linger_ns};
  tasks_.push_back(std::make_unique<flow::Task>(
      std::make_unique<flow::Chain>(std::move(specs), around), *options_.clock));
  flow::Task* task = tasks_.back().get();
  executors_->at(placed_.executor_of[number][index]).add(*task);
  chains_.back().push_back(task);
  for (std::uint32_t i = 0; i < chain.stages.size(); ++i) {
    stages_[chain.stages[i]].push_back({&task->chain().at(i), task});
  }
  return Ok{};
}

Status Job::connect(plugin::Registry& registry, const plan::Edge& edge) {
  const plan::Stage& from = plan_.stages[edge.from];
  const std::uint32_t to = plan_.stages[edge.to].chain;
  std::uint32_t op = 0;
  while (plan_.chains[from.chain].stages[op] != edge.from)
    ++op;
  for (std::uint32_t s = 0; s < from.parallelism; ++s) {
    flow::Executor& here = executors_->at(placed_.executor_of[from.chain][s]);
    std::vector<flow::Outlet::Channel> channels;
    for (std::uint32_t r = 0; r < chains_[to].size(); ++r) {
      if (edge.kind == plan::EdgeKind::kForward && r != s)
        continue;
      flow::Executor& there = executors_->at(placed_.executor_of[to][r]);
      flow::Inbox& inbox = chains_[to][r]->inbox();
      const std::uint32_t number = inbox.add_channel(edge.input, there.peer(here));
      channels.push_back({&inbox, number, here.peer(there)});
    }
    SAGE_TRY(auto partitioner,
             make_partitioner(registry, edge, s, static_cast<std::uint32_t>(channels.size())));
    chains_[from.chain][s]->chain().add_outlet(
        op, edge.port, std::make_unique<flow::Outlet>(std::move(partitioner), std::move(channels)));
  }
  return Ok{};
}

Result<std::unique_ptr<flow::Partitioner>> Job::make_partitioner(plugin::Registry& registry,
                                                                 const plan::Edge& edge,
                                                                 std::uint32_t sender,
                                                                 std::uint32_t receivers) {
  const schema::Schema& schema = *plan_.stages[edge.to].inputs[edge.input];
  const flow::Gather::Shape shape{receivers, options_.batch_records, schema.body_bytes()};
  switch (edge.kind) {
    case plan::EdgeKind::kForward:
    case plan::EdgeKind::kGlobal:
      break;
    case plan::EdgeKind::kRebalance:
      return flow::make_rebalance(pool_, receivers, sender);
    case plan::EdgeKind::kBroadcast:
      return flow::make_broadcast(receivers);
    case plan::EdgeKind::kHash:
      return flow::make_hash(pool_, schema::KeyExtractor(schema, edge.keys), shape,
                             plan_.key_groups);
    case plan::EdgeKind::kCustom: {
      SAGE_TRY(auto instance, make_custom(registry, edge, sender));
      return flow::make_custom(pool_, std::move(instance), shape, sender % receivers);
    }
  }
  return flow::make_single(0);
}

Result<std::unique_ptr<plugin::Instance>> Job::make_custom(plugin::Registry& registry,
                                                           const plan::Edge& edge,
                                                           std::uint32_t sender) {
  const plan::Stage& to = plan_.stages[edge.to];
  SAGE_ASSERT(edge.partitioner);
  SAGE_TRY(plugin::InstanceSpec instance, make_spec(context(registry), *edge.partitioner));
  instance.stage = to.id;
  instance.subtask = sender;
  instance.parallelism = plan_.stages[edge.from].parallelism;
  instance.bounded = to.bounded;
  instance.inputs = {to.inputs[edge.input]};
  instance.on_error = OnError::kDeadLetter;  // kept whole: the receiving stage decides
  SAGE_TRY(auto made, plugin::Instance::create(std::move(instance)));
  partitioners_.push_back(made.get());
  return made;
}

}  // namespace sage::runtime
