#include "runtime/make_operator.hpp"

namespace sage::runtime {

Result<plugin::InstanceSpec> make_spec(const JobContext& context, const plan::OperatorUse& use) {
  plugin::InstanceSpec instance;
  SAGE_TRY(instance.op, context.registry.load(use.use.plugin, use.use.version, use.use.op));
  instance.key_groups = context.plan.key_groups;
  instance.options = &use.options;
  instance.log = context.log;
  instance.log_level = context.log_level;
  return instance;
}

Result<flow::OperatorSpec> make_operator(const JobContext& context, const plan::Stage& stage,
                                         std::uint32_t index, std::uint32_t parallelism,
                                         bool keyed_inside) {
  SAGE_TRY(plugin::InstanceSpec instance, make_spec(context, stage.op));
  instance.stage = stage.id;
  instance.subtask = index;
  instance.parallelism = parallelism;
  instance.bounded = stage.bounded;
  instance.inputs = stage.inputs;
  instance.outputs = stage.outputs;
  instance.keys = stage.keys;
  instance.on_error = stage.on_error;
  flow::OperatorSpec made;
  SAGE_TRY(made.instance, plugin::Instance::create(std::move(instance)));
  made.letter = plan::error_schema();
  made.retry = stage.retry;
  if (keyed_inside)
    made.keys.emplace(*stage.inputs[0], stage.keys);
  return made;
}

}  // namespace sage::runtime
