#include "plan/plan.hpp"

#include "plan/chains.hpp"
#include "plan/edges.hpp"
#include "plan/finding.hpp"
#include "plan/graph.hpp"
#include "plan/settle.hpp"

#include <utility>

namespace sage::plan {
namespace {

Stage make_stage(const Workspace& space, std::uint32_t index, Settled settled) {
  const spec::Stage& spec = space.stage(index);
  Stage stage;
  stage.id = spec.id.value;
  stage.op = {spec.use, space.operators[index], std::move(settled.options)};
  stage.inputs = std::move(settled.inputs);
  stage.outputs = std::move(settled.outputs);
  if (!spec.key_by.empty())
    stage.keys = settled.keys[0];
  stage.bounded = settled.bounded;
  stage.on_error = spec.on_error;
  stage.errors_read = space.graph.errors_read[index];
  return stage;
}

}  // namespace

std::string_view edge_name(EdgeKind kind) {
  switch (kind) {
    case EdgeKind::kForward:
      return "forward";
    case EdgeKind::kRebalance:
      return "rebalance";
    case EdgeKind::kHash:
      return "hash";
    case EdgeKind::kBroadcast:
      return "broadcast";
    case EdgeKind::kGlobal:
      return "global";
    case EdgeKind::kCustom:
      return "custom";
  }
  return "unknown";
}

const schema::SchemaPtr& error_schema() {
  static const schema::SchemaPtr kSchema = schema::Schema::make({{"stage", Type::kText},
                                                                 {"instance", Type::kInt64},
                                                                 {"code", Type::kText},
                                                                 {"message", Type::kText},
                                                                 {"time", Type::kTimestamp},
                                                                 {"record", Type::kText}})
                                               .value();
  return kSchema;
}

std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const World& world,
                              Diagnostics& findings) {
  if (pipeline.stages.empty()) {
    findings.push_back(invalid("E0222", Place{pipeline.file, 1, 1, 1}, "the pipeline has no stages",
                               "add a [[stage]] with an id and an operator (`use`)"));
    return std::nullopt;
  }
  const Operators operators = find_operators(pipeline, world, findings);
  const Graph graph = build_graph(pipeline, operators, findings);
  const Workspace space{pipeline, world, operators, graph, findings};
  std::vector<Settled> settled = settle_stages(space);
  const std::vector<std::uint32_t> parallelism = find_parallelism(space, settled);
  std::vector<Edge> edges = make_edges(space, settled, parallelism);
  if (has_errors(findings))
    return std::nullopt;

  Plan plan;
  plan.name = pipeline.name.value;
  plan.key_groups = static_cast<std::uint32_t>(pipeline.max_parallelism);
  for (std::uint32_t i = 0; i < settled.size(); ++i) {
    plan.stages.push_back(make_stage(space, i, std::move(settled[i])));
    plan.stages.back().parallelism = parallelism[i];
  }
  plan.edges = std::move(edges);
  make_chains(plan, graph.order);
  return plan;
}

}  // namespace sage::plan
