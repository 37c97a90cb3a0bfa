#include "plan/edges.hpp"

#include "plan/finding.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace sage::plan {
namespace {

EdgeKind kind_of(spec::PartitionKind kind) {
  switch (kind) {
    case spec::PartitionKind::kForward:
      return EdgeKind::kForward;
    case spec::PartitionKind::kRebalance:
      return EdgeKind::kRebalance;
    case spec::PartitionKind::kBroadcast:
      return EdgeKind::kBroadcast;
    case spec::PartitionKind::kGlobal:
      return EdgeKind::kGlobal;
    case spec::PartitionKind::kCustom:
      return EdgeKind::kCustom;
  }
  return EdgeKind::kForward;
}

// With groups / parallelism between 1 and 2, some instances own one key group and others two.
void warn_uneven(const PlanContext& context, const spec::Stage& spec, std::uint32_t parallelism) {
  const auto groups = static_cast<std::uint32_t>(context.pipeline.max_parallelism);
  if (spec.key_by.empty() || parallelism == groups || parallelism <= groups / 2)
    return;
  const Place& place = spec.parallelism ? spec.parallelism->place : spec.id.place;
  context.findings.push_back(
      warning("W0204", place,
              "the " + std::to_string(groups) + " key groups do not divide well over " +
                  std::to_string(parallelism) + " instances of " + quoted(spec.id.value) +
                  ": some own twice as many keys as others",
              "set `max_parallelism` under [pipeline] to a multiple of it"));
}

void warn_idle(const PlanContext& context, const spec::Stage& spec, std::uint32_t parallelism) {
  const bool is_global = spec.partition && spec.partition->kind == spec::PartitionKind::kGlobal;
  if (!is_global || parallelism == 1)
    return;
  context.findings.push_back(warning("W0202", spec.partition->place,
                                     "partition = \"global\" sends all records to the first of " +
                                         std::to_string(parallelism) + " instances of " +
                                         quoted(spec.id.value),
                                     "set parallelism = 1"));
}

std::uint32_t explicit_parallelism(const PlanContext& context, const spec::Stage& spec,
                                   const ResolvedStage& resolved) {
  const std::int64_t wanted = spec.parallelism->value;
  const std::int64_t groups = context.pipeline.max_parallelism;
  if (wanted < 1 || wanted > groups) {
    context.report("E0216",
                   "parallelism of " + quoted(spec.id.value) + " is " + std::to_string(wanted) +
                       ", not 1 to " + std::to_string(groups),
                   "the limit is `max_parallelism` under [pipeline]", spec.parallelism->place);
    return 1;
  }
  if (!resolved.failed && wanted > resolved.max_parallelism) {
    const std::string most = std::to_string(resolved.max_parallelism);
    context.report("E0217",
                   quoted(spec.use.plugin + "/" + spec.use.op) + " can have at most " + most +
                       (resolved.max_parallelism == 1 ? " instance" : " instances") +
                       " here, not " + std::to_string(wanted),
                   "set parallelism = " + most + ", or remove it", spec.parallelism->place);
  }
  return static_cast<std::uint32_t>(wanted);
}

class EdgeMaker {
 public:
  EdgeMaker(const PlanContext& context, const std::vector<ResolvedStage>& resolved,
            const std::vector<std::uint32_t>& parallelism)
      : context_(context), resolved_(resolved), parallelism_(parallelism) {}

  std::vector<Edge> make() {
    for (std::uint32_t stage = 0; stage < resolved_.size(); ++stage) {
      if (resolved_[stage].failed)
        continue;
      for (const Link& link : context_.graph.inputs[stage])
        add(stage, link);
    }
    return std::move(edges_);
  }

 private:
  void add(std::uint32_t stage, const Link& link) {
    const spec::Stage& spec = context_.stage(stage);
    const ResolvedStage& resolved = resolved_[stage];
    const bool is_equal = parallelism_[link.from] == parallelism_[stage];
    Edge edge{link.from, link.port, stage, link.input, EdgeKind::kForward, {}, {}, false};
    if (!spec.key_by.empty()) {
      edge.kind = EdgeKind::kHash;
      edge.keys = resolved.keys[link.input];
    } else if (spec.partition) {
      edge.kind = kind_of(spec.partition->kind);
    } else if (!is_equal) {
      edge.kind = EdgeKind::kRebalance;
    }
    if (edge.kind == EdgeKind::kCustom)
      edge.partitioner = resolved.partitioners[link.input];
    if (edge.kind == EdgeKind::kForward && !is_equal)
      report_forward(spec, link, stage);
    edges_.push_back(std::move(edge));
  }

  void report_forward(const spec::Stage& spec, const Link& link, std::uint32_t stage) {
    const spec::Stage& from = context_.stage(link.from);
    context_.report("E0215",
                    "partition = \"forward\" needs equal parallelism, and " +
                        quoted(from.id.value) + " has " + std::to_string(parallelism_[link.from]) +
                        ", " + quoted(spec.id.value) + " " + std::to_string(parallelism_[stage]),
                    "use \"rebalance\", or make the numbers equal", spec.partition->place);
  }

  const PlanContext& context_;
  const std::vector<ResolvedStage>& resolved_;
  const std::vector<std::uint32_t>& parallelism_;
  std::vector<Edge> edges_;
};

}  // namespace

std::vector<std::uint32_t> find_parallelism(const PlanContext& context,
                                            const std::vector<ResolvedStage>& resolved) {
  std::vector<std::uint32_t> found;
  const std::int64_t usual = std::clamp<std::int64_t>(
      context.pipeline.parallelism, 1, std::max<std::int64_t>(context.pipeline.max_parallelism, 1));
  for (std::uint32_t stage = 0; stage < resolved.size(); ++stage) {
    const spec::Stage& spec = context.stage(stage);
    const std::uint32_t parallelism =
        spec.parallelism
            ? explicit_parallelism(context, spec, resolved[stage])
            : std::min(static_cast<std::uint32_t>(usual), resolved[stage].max_parallelism);
    warn_uneven(context, spec, parallelism);
    warn_idle(context, spec, parallelism);
    found.push_back(parallelism);
  }
  return found;
}

std::vector<Edge> make_edges(const PlanContext& context, const std::vector<ResolvedStage>& resolved,
                             const std::vector<std::uint32_t>& parallelism) {
  return EdgeMaker(context, resolved, parallelism).make();
}

}  // namespace sage::plan
