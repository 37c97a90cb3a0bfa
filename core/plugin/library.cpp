#include "plugin/library.hpp"

#define BOOST_DLL_USE_STD_FS
#include "plugin/codes.hpp"
#include "plugin/operator_table.hpp"

#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>

#include <boost/dll/shared_library.hpp>

namespace sage::plugin {
namespace {

constexpr sage_host kHost = {sizeof(sage_host), SAGE_ABI_VERSION, "sage", "0.1.0", nullptr};

// What is loaded belongs to the process, as the loader's own tables do.
struct Loaded {
  std::mutex mutex;
  std::map<std::string, const sage_plugin*> by_digest;  // guarded by mutex
};

// Destroying a handle would unload its library; kept, so that leak checkers see them held.
struct Handles {
  std::mutex mutex;
  std::vector<std::unique_ptr<boost::dll::shared_library>> all;  // guarded by mutex
};

boost::dll::shared_library& keep(std::unique_ptr<boost::dll::shared_library> library) {
  static Handles& handles = *new Handles;
  const std::lock_guard lock(handles.mutex);
  return *handles.all.emplace_back(std::move(library));
}

Loaded& loaded() {
  static Loaded& all = *new Loaded;  // never destroyed: plugins may outlive static objects
  return all;
}

// What dlerror said, out of what Boost makes of it: "... (dlerror system message: PATH: REASON):
// ...". PATH is our copy, of which nobody knows.
std::string loader_reason(std::string what, const std::string& path) {
  constexpr std::string_view kBefore = "dlerror system message: ";
  if (const std::size_t at = what.find(kBefore); at != std::string::npos)
    what = what.substr(at + kBefore.size(), what.rfind("): ") - at - kBefore.size());
  return what.starts_with(path + ": ") ? what.substr(path.size() + 2) : what;
}

}  // namespace

const sage_host* host_table() { return &kHost; }

Status begin(const sage_plugin* theirs) {
  const sage_plugin plugin = normalised(theirs);
  if (plugin.init == nullptr) {
    return Ok{};
  }
  std::string error;
  const sage_status status = guarded(error, [&] { return plugin.init(host_table()); });
  if (status == SAGE_OK) {
    return Ok{};
  }
  return refuse(kRefusedHost, "plugin `" + std::string(text_or_empty(plugin.id)) +
                                  "` could not begin: " +
                                  (error.empty() ? "status " + std::to_string(status) : error));
}

Result<const sage_plugin*> load_library(const std::string& path) {
  try {
    auto& library = keep(std::make_unique<boost::dll::shared_library>(
        std::filesystem::path(path),
        boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local));
    const auto entry = library.get<const sage_plugin*(const sage_host*)>(SAGE_PLUGIN_MAIN);
    const sage_plugin* plugin = entry(&kHost);
    if (plugin == nullptr) {
      return refuse(kRefusedHost, "refuses to work with this engine");
    }
    return plugin;
  } catch (const std::exception& e) {
    return refuse(kNotLoadable, "cannot be loaded: " + loader_reason(e.what(), path));
  } catch (...) {
    return refuse(kNotLoadable, "cannot be loaded: an exception left its entry point");
  }
}

Result<const sage_plugin*> load_plugin(const std::string& path, const std::string& digest) {
  Loaded& all = loaded();
  const std::lock_guard lock(all.mutex);
  const auto known = all.by_digest.find(digest);
  if (known != all.by_digest.end()) {
    return known->second;
  }
  SAGE_TRY(const sage_plugin* plugin, load_library(path));
  SAGE_CHECK(begin(plugin));
  all.by_digest.emplace(digest, plugin);
  return plugin;
}

}  // namespace sage::plugin
