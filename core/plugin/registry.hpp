#pragma once
// Finds plugin files, learns what they offer in a child process, loads those that are used. The
// process that owns a Registry never runs code of a file that it only looks at. Loaded files stay
// mapped for ever. Control thread only; owns the loaded libraries.

#include "base/result.hpp"
#include "schema/catalogue.hpp"

#include <sage/plugin.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sage::plugin {

struct RegistryConfig {
  std::vector<std::string> folders;  // in order of precedence; missing ones are passed over
  std::string cache_dir;             // private copies and scanned metadata; made if absent
  std::string scanner;               // path of sage-plugin-scan
  int scan_timeout_ms = 5000;
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
  virtual ~Registry() = default;

  // What there is. Valid as long as the registry.
  virtual const schema::Catalogue& catalogue() const = 0;
  // The plugin that `use = "id@version/..."` means; `version` empty: the highest of the folder that
  // wins. kInvalid E0301/E0303 with a suggestion if there is none.
  virtual Result<const schema::PluginInfo*> choose(std::string_view id,
                                                   std::string_view version) const = 0;
  // The description of plugin[@version]/op; kInvalid E0301/E0302 with a suggestion if there is
  // none.
  virtual Result<const schema::OperatorInfo*> find(std::string_view plugin,
                                                   std::string_view version,
                                                   std::string_view op) const = 0;
  // Loads the library (once) and returns the operator.
  virtual Result<LoadedOperator> load(std::string_view plugin, std::string_view version,
                                      std::string_view op) = 0;
};

}  // namespace sage::plugin
