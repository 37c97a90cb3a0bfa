// Job, part one: from the plan to tasks and channels.

#include "flow/partitioner.hpp"
#include "runtime/job.hpp"

#include <string>

namespace sage::runtime {

namespace {

flow::OnError on_error(spec::OnError policy) {
  switch (policy) {
    case spec::OnError::kSkip:
      return flow::OnError::kSkip;
    case spec::OnError::kDeadLetter:
      return flow::OnError::kDeadLetter;
    default:
      return flow::OnError::kFail;
  }
}

plugin::OnReject on_reject(spec::OnError policy) {
  switch (policy) {
    case spec::OnError::kSkip:
      return plugin::OnReject::kCount;
    case spec::OnError::kDeadLetter:
      return plugin::OnReject::kKeep;
    default:
      return plugin::OnReject::kFail;
  }
}

flow::Role role_of(const sage_operator& op) {
  if (op.get_role(&op, SAGE_ROLE_SOURCE) != nullptr)
    return flow::Role::kSource;
  if (op.get_role(&op, SAGE_ROLE_SINK) != nullptr)
    return flow::Role::kSink;
  if (op.get_role(&op, SAGE_ROLE_FILTER) != nullptr)
    return flow::Role::kFilter;
  return flow::Role::kTransform;
}

const plan::Edge* fused_edge_into(const plan::Plan& plan, std::uint32_t stage) {
  for (const plan::Edge& edge : plan.edges) {
    if (edge.to == stage && edge.fused)
      return &edge;
  }
  return nullptr;
}

}  // namespace

Status Job::make_tasks(plugin::Registry& registry) {
  stages_.resize(plan_.stages.size());
  for (const plan::Chain& chain : plan_.chains) {
    chains_.emplace_back();
    for (std::uint32_t i = 0; i < chain.parallelism; ++i) {
      SAGE_CHECK(make_task(registry, chain, i));
    }
  }
  for (const plan::Edge& edge : plan_.edges) {
    if (!edge.fused)
      SAGE_CHECK(connect(registry, edge));
  }
  return Ok{};
}

Status Job::make_task(plugin::Registry& registry, const plan::Chain& chain, std::uint32_t index) {
  std::vector<flow::OperatorSpec> specs;
  for (const std::uint32_t s : chain.stages) {
    const plan::Stage& stage = plan_.stages[s];
    const spec::Use& use = stage.op.use;
    SAGE_TRY(const plugin::LoadedOperator op, registry.load(use.plugin, use.version, use.op));
    plugin::InstanceSpec instance;
    instance.op = op;
    instance.stage = stage.id;
    instance.subtask = index;
    instance.parallelism = stage.parallelism;
    instance.key_groups = plan_.key_groups;
    instance.bounded = stage.bounded;
    instance.inputs = stage.inputs;
    instance.outputs = stage.outputs;
    instance.keys = stage.keys;
    instance.options = &stage.op.options;
    instance.log = options_.log;
    instance.log_level = options_.log_level;
    instance.on_reject = on_reject(stage.on_error);
    flow::OperatorSpec made;
    SAGE_TRY(made.instance, plugin::Instance::create(std::move(instance)));
    made.role = role_of(*op.op);
    made.on_error = on_error(stage.on_error);
    made.letter = plan::error_schema();
    const plan::Edge* edge = fused_edge_into(plan_, s);
    if (edge != nullptr && edge->kind == plan::EdgeKind::kHash) {
      made.keys.emplace(*stage.inputs[0], edge->keys);
    }
    specs.push_back(std::move(made));
  }
  flow::Surroundings around{&pool_, options_.clock, options_.batch_records, &limit_};
  tasks_.push_back(std::make_unique<flow::Task>(
      std::make_unique<flow::Chain>(std::move(specs), around), *options_.clock));
  flow::Task* task = tasks_.back().get();
  chains_.back().push_back(task);
  for (std::uint32_t i = 0; i < chain.stages.size(); ++i) {
    stages_[chain.stages[i]].push_back({&task->chain().at(i), task});
  }
  return Ok{};
}

Status Job::connect(plugin::Registry& registry, const plan::Edge& edge) {
  const plan::Stage& from = plan_.stages[edge.from];
  const plan::Stage& to = plan_.stages[edge.to];
  const std::vector<flow::Task*>& receivers = chains_[to.chain];
  std::uint32_t op = 0;
  while (plan_.chains[from.chain].stages[op] != edge.from)
    ++op;
  for (std::uint32_t s = 0; s < from.parallelism; ++s) {
    std::vector<flow::Outlet::Channel> channels;
    for (std::uint32_t r = 0; r < receivers.size(); ++r) {
      if (edge.kind == plan::EdgeKind::kForward && r != s)
        continue;
      channels.push_back({&receivers[r]->inbox(), receivers[r]->inbox().add_channel(edge.input)});
    }
    const auto n = static_cast<std::uint32_t>(channels.size());
    std::unique_ptr<flow::Partitioner> partitioner;
    switch (edge.kind) {
      case plan::EdgeKind::kForward:
      case plan::EdgeKind::kGlobal:
        partitioner = flow::make_single(0);
        break;
      case plan::EdgeKind::kRebalance:
        partitioner = flow::make_rebalance(pool_, n, s);
        break;
      case plan::EdgeKind::kBroadcast:
        partitioner = flow::make_broadcast(n);
        break;
      case plan::EdgeKind::kHash:
        partitioner = flow::make_hash(
            pool_, schema::KeyExtractor(*to.inputs[edge.input], edge.keys), n, plan_.key_groups);
        break;
      case plan::EdgeKind::kCustom: {
        SAGE_TRY(auto instance, make_partitioner(registry, edge, s));
        partitioner = flow::make_custom(pool_, std::move(instance), n, s % n);
        break;
      }
    }
    const std::uint32_t port = edge.port == plan::kErrorPort ? flow::kErrorPort : edge.port;
    chains_[from.chain][s]->chain().add_outlet(
        op, port, std::make_unique<flow::Outlet>(std::move(partitioner), std::move(channels)));
  }
  return Ok{};
}

Result<std::unique_ptr<plugin::Instance>> Job::make_partitioner(plugin::Registry& registry,
                                                                const plan::Edge& edge,
                                                                std::uint32_t sender) {
  const plan::Stage& to = plan_.stages[edge.to];
  const spec::Use& use = edge.partitioner->use;
  SAGE_TRY(const plugin::LoadedOperator op, registry.load(use.plugin, use.version, use.op));
  plugin::InstanceSpec instance;
  instance.op = op;
  instance.stage = to.id;
  instance.subtask = sender;
  instance.parallelism = plan_.stages[edge.from].parallelism;
  instance.key_groups = plan_.key_groups;
  instance.bounded = to.bounded;
  instance.inputs = {to.inputs[edge.input]};
  instance.options = &edge.partitioner->options;
  instance.log = options_.log;
  instance.log_level = options_.log_level;
  instance.on_reject = plugin::OnReject::kKeep;  // the receiving stage's on_error decides
  SAGE_TRY(auto made, plugin::Instance::create(std::move(instance)));
  partitioners_.push_back(made.get());
  return made;
}

}  // namespace sage::runtime
