#include "plan/plan.hpp"

#include "plan/chains.hpp"
#include "plan/edges.hpp"
#include "plan/finding.hpp"
#include "plan/graph.hpp"
#include "plan/resolve.hpp"

#include <sage/plugin.h>

#include <utility>

namespace sage::plan {
namespace {

Stage make_stage(const PlanContext& context, std::uint32_t index, ResolvedStage resolved) {
  const spec::Stage& spec = context.stage(index);
  Stage stage;
  stage.id = spec.id.value;
  stage.op = {spec.use, context.operators[index], std::move(resolved.options)};
  stage.inputs = std::move(resolved.inputs);
  stage.outputs = std::move(resolved.outputs);
  if (!spec.key_by.empty())
    stage.keys = resolved.keys[0];
  stage.bounded = resolved.bounded;
  stage.on_error = spec.on_error;
  stage.retry = spec.retry.value_or(Retry{});
  stage.resources = spec.resources;
  stage.errors_read = context.graph.errors_read[index];
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

bool may_block(const OperatorUse& use) { return (use.info->traits & SAGE_TRAIT_MAY_BLOCK) != 0; }

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

std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const OperatorResolver& resolver,
                              Diagnostics& findings) {
  if (pipeline.stages.empty()) {
    findings.push_back(invalid("E0222", Place{pipeline.file, 1, 1, 1}, "the pipeline has no stages",
                               "add a [[stage]] with an id and an operator (`use`)"));
    return std::nullopt;
  }
  const Operators operators = find_operators(pipeline, resolver, findings);
  const Graph graph = build_graph(pipeline, operators, findings);
  const PlanContext context{pipeline, resolver, operators, graph, findings};
  std::vector<ResolvedStage> resolved = resolve_stages(context);
  const std::vector<std::uint32_t> parallelism = find_parallelism(context, resolved);
  std::vector<Edge> edges = make_edges(context, resolved, parallelism);
  if (has_errors(findings))
    return std::nullopt;

  Plan plan;
  plan.name = pipeline.name.value;
  plan.key_groups = static_cast<std::uint32_t>(pipeline.max_parallelism);
  for (std::uint32_t i = 0; i < resolved.size(); ++i) {
    plan.stages.push_back(make_stage(context, i, std::move(resolved[i])));
    plan.stages.back().parallelism = parallelism[i];
  }
  plan.edges = std::move(edges);
  make_chains(plan, graph.order);
  return plan;
}

}  // namespace sage::plan
