#pragma once
// The plan of a job: stages with their operators, options, schemas and parallelism, the edges
// between them, and how they are cut into chains (fused stages of one task) and channels. A pure
// function of the pipeline, the catalogue and what the operators resolve to; no I/O, no threads.
// Values; immutable after make_plan. [any]

#include "base/on_error.hpp"
#include "base/result.hpp"
#include "base/retry.hpp"
#include "schema/catalogue.hpp"
#include "schema/option.hpp"
#include "schema/resolution.hpp"
#include "spec/pipeline.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sage::plan {

enum class EdgeKind { kForward, kRebalance, kHash, kBroadcast, kGlobal, kCustom };
std::string_view edge_name(EdgeKind kind);  // "forward", "hash", ...

struct OperatorUse {
  spec::Use use;
  const schema::OperatorInfo* info = nullptr;
  schema::OptionTable options;
};

// It gets a thread of its own.
bool may_block(const OperatorUse& use);

struct Edge {
  std::uint32_t from = 0;  // stage index
  std::uint32_t port = 0;  // output of `from`, or kErrorPort
  std::uint32_t to = 0;
  std::uint32_t input = 0;  // input index of `to` (0 for a union)
  EdgeKind kind = EdgeKind::kForward;
  std::vector<std::uint32_t> keys;         // kHash: field indexes
  std::optional<OperatorUse> partitioner;  // kCustom
  bool fused = false;                      // inside a chain: no channel
};

struct Stage {
  std::string id;
  OperatorUse op;
  std::uint32_t parallelism = 1;
  std::vector<schema::SchemaPtr> inputs;   // one per input index
  std::vector<schema::SchemaPtr> outputs;  // one per port; empty for sinks
  std::vector<std::uint32_t> keys;         // key_by as indexes into inputs[0]
  bool bounded = true;                     // all its inputs end by themselves
  OnError on_error = OnError::kFail;
  Retry retry;
  std::optional<spec::Resources> resources;
  bool errors_read = false;  // some stage reads `id.errors`
  std::uint32_t chain = 0;
};

// Stages that run in one task, first to last; every edge between neighbours is fused.
struct Chain {
  std::vector<std::uint32_t> stages;
  std::uint32_t parallelism = 1;
};

// The job's text beside its plan: what the runtime needs.
struct Plan {
  std::string name;
  std::uint32_t key_groups = 128;
  std::vector<Stage> stages;
  std::vector<Edge> edges;
  std::vector<Chain> chains;  // in an order in which every chain follows those that feed it
};

// {stage: text, instance: int64, code: text, message: text, time: timestamp, record: text}
const schema::SchemaPtr& error_schema();

// Answers of the outside world that a plan needs; both may run plugin code.
struct OperatorResolver {
  // Description of an operator, or an error (E0301 no such plugin, E0302 no such operator, with a
  // suggestion).
  std::function<Result<const schema::OperatorInfo*>(const spec::Use&)> find;
  std::function<Result<schema::Resolution>(const spec::Use&, const schema::ResolveQuery&)> resolve;
};

// Checks everything and builds the plan. `findings` gets errors and warnings with places; the plan
// is returned only when there is no error among them.
std::optional<Plan> make_plan(const spec::Pipeline& pipeline, const OperatorResolver& resolver,
                              Diagnostics& findings);

}  // namespace sage::plan
