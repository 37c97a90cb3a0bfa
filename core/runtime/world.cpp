#include "runtime/world.hpp"

#include "plugin/resolve.hpp"

namespace sage::runtime {

namespace {

Result<plan::ResolveAnswer> resolve(plugin::Registry& registry, const plan::ResolveQuery& query) {
  SAGE_TRY(const plugin::LoadedOperator op,
           registry.load(query.use->plugin, query.use->version, query.use->op));
  plugin::Resolution found =
      plugin::resolve({op, query.inputs, query.keys, query.options, query.bounded});
  plan::ResolveAnswer answer;
  answer.outputs = std::move(found.outputs);
  answer.bounded = found.bounded;
  answer.max_parallelism = found.max_parallelism;
  for (plugin::ResolveFinding& finding : found.findings) {
    answer.findings.push_back(
        {std::move(finding.option), std::move(finding.message), std::move(finding.hint)});
  }
  return answer;
}

}  // namespace

plan::World make_world(plugin::Registry& registry) {
  plan::World world;
  world.find = [&registry](const spec::Use& use) {
    return registry.find(use.plugin, use.version, use.op);
  };
  world.resolve = [&registry](const plan::ResolveQuery& query) { return resolve(registry, query); };
  return world;
}

}  // namespace sage::runtime
