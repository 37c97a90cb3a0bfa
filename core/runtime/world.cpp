#include "runtime/world.hpp"

#include "plugin/resolve.hpp"

namespace sage::runtime {

plan::World make_world(plugin::Registry& registry) {
  plan::World world;
  world.find = [&registry](const spec::Use& use) {
    return registry.find(use.plugin, use.version, use.op);
  };
  world.resolve = [&registry](const spec::Use& use,
                              const schema::ResolveQuery& query) -> Result<schema::Resolution> {
    SAGE_TRY(const plugin::LoadedOperator op, registry.load(use.plugin, use.version, use.op));
    return plugin::resolve(op, query);
  };
  return world;
}

}  // namespace sage::runtime
