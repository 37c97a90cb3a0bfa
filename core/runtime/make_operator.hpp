#pragma once
// An operator of the plan made ready to run: the library loaded, the instance created. Jobs and
// tests share it. [control]

#include "flow/operator.hpp"
#include "plan/plan.hpp"
#include "plugin/registry.hpp"

#include <cstdint>

namespace sage::runtime {

// What the instances of one job or test have in common; outlived by them all.
struct JobContext {
  const plan::Plan& plan;
  plugin::Registry& registry;
  plugin::LogSink log;
  std::uint32_t log_level = 3;  // SAGE_LOG_*
};

// What runs of `use` with these options, without what depends on its place in the graph: no
// stage, no schemas; one instance of one.
Result<plugin::InstanceSpec> make_spec(const JobContext& context, const plan::OperatorUse& use);

// Instance `index` of `parallelism` of a stage. `keyed_inside`: no exchange before it computes the
// keys of the records, so it does so itself.
Result<flow::OperatorSpec> make_operator(const JobContext& context, const plan::Stage& stage,
                                         std::uint32_t index, std::uint32_t parallelism,
                                         bool keyed_inside);

}  // namespace sage::runtime
