#include "plugins/loaded.hpp"

#include <dlfcn.h>
#include <stdexcept>

namespace sage::test {

const sage_operator* loaded(const std::string& name) {
  static const sage_host kHost = {sizeof(sage_host), SAGE_ABI_VERSION, "test", "0", nullptr};
  const std::size_t slash = name.find('/');
  const std::string file = SAGE_BUILD_DIR "/plugins/" + name.substr(0, slash) + ".so";
  void* const handle = dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    throw std::runtime_error(dlerror());
  }
  const auto main = reinterpret_cast<sage_plugin_main_fn>(dlsym(handle, SAGE_PLUGIN_MAIN));
  const sage_plugin* const plugin = main == nullptr ? nullptr : main(&kHost);
  for (std::uint32_t i = 0; plugin != nullptr && i < plugin->n_operators; ++i) {
    if (plugin->operators[i]->id == name.substr(slash + 1)) {
      return plugin->operators[i];
    }
  }
  throw std::runtime_error(file + " has no operator " + name);
}

}  // namespace sage::test
