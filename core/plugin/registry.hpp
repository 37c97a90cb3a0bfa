#pragma once
// Finds plugin files, learns what they offer in a child process, loads those that are used. The
// process that owns a Registry never runs code of a file that it only looks at. Loaded files stay
// mapped for ever. Control thread only; owns the loaded libraries.

#include "base/result.hpp"
#include "schema/catalogue.hpp"

#include <sage/plugin.h>

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sage::plugin {

struct RegistryConfig {
  std::vector<std::string> folders;  // in order of precedence; missing ones are passed over
  std::string cache_dir;             // private copies and scanned metadata; made if absent
  std::string scanner;               // path of sage-plugin-scan
  int scan_timeout_ms = 5000;
  std::vector<std::string> files{};  // plugins that come before those of all folders, read anew
};

// An operator ready for use. `op` lives as long as the process.
struct LoadedOperator {
  const sage_operator* op = nullptr;
  const schema::OperatorInfo* info = nullptr;
  const schema::PluginInfo* plugin = nullptr;
};

class Registry {
 public:
  static Result<std::unique_ptr<Registry>> open(RegistryConfig config);
  Registry(const Registry&) = delete;
  Registry& operator=(const Registry&) = delete;

  // What there is. Valid as long as the registry.
  const schema::Catalogue& catalogue() const { return catalogue_; }
  // The plugin that `use = "id@version/..."` means; `version` empty: the highest of the folder that
  // wins. kInvalid E0301/E0303 with a suggestion if there is none.
  Result<const schema::PluginInfo*> choose(std::string_view id, std::string_view version) const;
  // The description of plugin[@version]/op; kInvalid E0301/E0302 with a suggestion if there is
  // none.
  Result<const schema::OperatorInfo*> find(std::string_view plugin, std::string_view version,
                                           std::string_view op) const;
  // Loads the library (once) and returns the operator.
  Result<LoadedOperator> load(std::string_view plugin, std::string_view version,
                              std::string_view op);

 private:
  struct Found {
    const schema::PluginInfo* plugin;
    const schema::OperatorInfo* op;
  };
  Registry(RegistryConfig config, schema::Catalogue catalogue)
      : config_(std::move(config)), catalogue_(std::move(catalogue)) {}
  Error no_plugin(std::string_view id) const;
  Result<Found> search(std::string_view plugin, std::string_view version,
                       std::string_view op) const;
  Result<const sage_plugin*> load(const schema::PluginInfo& info);

  RegistryConfig config_;
  schema::Catalogue catalogue_;
  std::map<std::string, const sage_plugin*> loaded_;  // by digest
};

}  // namespace sage::plugin
