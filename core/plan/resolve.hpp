#pragma once
// Resolves each stage in the order of the data: what comes in, whether the operator can work with
// it, its options, its keys, and what comes out. Asks the OperatorResolver; otherwise pure. [any]

#include "base/result.hpp"
#include "plan/graph.hpp"
#include "plan/plan.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sage::plan {

// What a plan is made from, and where its findings go. Borrows all of it.
struct PlanContext {
  const spec::Pipeline& pipeline;
  const OperatorResolver& resolver;
  const Operators& operators;
  const Graph& graph;
  Diagnostics& findings;

  const spec::Stage& stage(std::uint32_t index) const { return pipeline.stages[index]; }
  void report(const char* code, std::string message, std::string hint, const Place& place) const;
};

struct ResolvedStage {
  bool failed = false;  // it has a finding, or something before it has: later rules pass it over
  schema::OptionTable options;
  std::vector<schema::SchemaPtr> inputs;   // one per input index
  std::vector<schema::SchemaPtr> outputs;  // one per port
  bool bounded = true;
  std::uint32_t max_parallelism = UINT32_MAX;
  std::vector<std::vector<std::uint32_t>> keys;  // per input: the key_by fields
  std::vector<OperatorUse> partitioners;         // per input, if `partition` names one
};

// The descriptions of all operators; unknown ones and those that are no stage are findings.
Operators find_operators(const spec::Pipeline& pipeline, const OperatorResolver& resolver,
                         Diagnostics& findings);

// One per stage, in file order.
std::vector<ResolvedStage> resolve_stages(const PlanContext& context);

}  // namespace sage::plan
