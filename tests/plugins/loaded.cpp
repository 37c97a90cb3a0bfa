#include "plugins/loaded.hpp"

#include <sage/testkit/plugin_file.hpp>

namespace sage::test {

const sage_operator* loaded(const std::string& name) {
  const std::size_t slash = name.find('/');
  const testkit::PluginFile plugin(SAGE_BUILD_DIR "/plugins/" + name.substr(0, slash) + ".so");
  return plugin.op(name.substr(slash + 1));
}

}  // namespace sage::test
