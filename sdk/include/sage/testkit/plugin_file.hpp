// A plugin out of its file, whatever language it was written in, for Harness:
//
//   sage::testkit::PluginFile plugin("./text.so");
//   sage::testkit::Harness h(plugin.op("split"), {...});
#pragma once

#include "../error.hpp"
#include "../plugin.h"

#include <dlfcn.h>
#include <string>
#include <string_view>

namespace sage::testkit {

class PluginFile {
 public:
  // The library stays loaded until the process ends. Throws a Failure that says what is missing.
  explicit PluginFile(const std::string& path) {
    static const sage_host kHost = {sizeof(sage_host), SAGE_ABI_VERSION, "testkit", "0", nullptr};
    // One without a slash would be looked for where the system's libraries are.
    const std::string place = path.find('/') == std::string::npos ? "./" + path : path;
    void* const library = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      throw Failure(dlerror());
    }
    const auto main = reinterpret_cast<sage_plugin_main_fn>(dlsym(library, SAGE_PLUGIN_MAIN));
    plugin_ = main == nullptr ? nullptr : main(&kHost);
    if (plugin_ == nullptr) {
      throw Failure(path + " is no plugin, or refuses this host");
    }
    if (SAGE_HAS(plugin_, sage_plugin, init) && plugin_->init(&kHost) < 0) {
      throw Failure(path + " cannot begin: its init fails");
    }
  }

  // `id` without the plugin's own: "split".
  const sage_operator* op(std::string_view id) const {
    for (std::uint32_t i = 0; i < plugin_->n_operators; ++i) {
      if (plugin_->operators[i]->id == id) {
        return plugin_->operators[i];
      }
    }
    throw Failure(std::string(plugin_->id) + " has no operator " + std::string(id));
  }

 private:
  const sage_plugin* plugin_;
};

}  // namespace sage::testkit
