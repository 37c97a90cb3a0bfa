#include "runtime/operator_resolver.hpp"

#include "plugin/resolve.hpp"

namespace sage::runtime {

plan::OperatorResolver make_operator_resolver(plugin::Registry& registry) {
  plan::OperatorResolver resolver;
  resolver.find = [&registry](const spec::Use& use) {
    return registry.find(use.plugin, use.version, use.op);
  };
  resolver.resolve = [&registry](const spec::Use& use,
                                 const schema::ResolveQuery& query) -> Result<schema::Resolution> {
    SAGE_TRY(const plugin::LoadedOperator op, registry.load(use.plugin, use.version, use.op));
    return plugin::resolve(op, query);
  };
  return resolver;
}

}  // namespace sage::runtime
