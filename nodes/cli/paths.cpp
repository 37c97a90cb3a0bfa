#include "paths.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#if !defined(SAGE_LIBDIR) || !defined(SAGE_DATADIR)
#error "SAGE_LIBDIR and SAGE_DATADIR are set by nodes/cli/CMakeLists.txt"
#endif

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

fs::path this_program() {
  std::error_code failed;
  return fs::read_symlink("/proc/self/exe", failed);
}

// The folder above the one that holds this program: the build tree or the installation.
fs::path prefix() { return this_program().parent_path().parent_path(); }

fs::path temp_root() {
  const std::string named = variable("TMPDIR");
  return named.empty() ? "/tmp" : named;
}

bool make_usable(const fs::path& folder) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  return !failed && ::access(folder.c_str(), W_OK | X_OK) == 0;
}

// Ours alone, or not used: anybody may make folders among the temporary files.
bool make_private(const fs::path& folder) {
  if (::mkdir(folder.c_str(), 0700) == 0)
    return true;
  struct stat about{};
  return ::lstat(folder.c_str(), &about) == 0 && S_ISDIR(about.st_mode) &&
         about.st_uid == ::geteuid() && (about.st_mode & 0077) == 0;
}

void add_once(std::vector<std::string>& folders, std::vector<fs::path>& seen,
              const fs::path& folder) {
  if (folder.empty())
    return;
  std::error_code failed;
  fs::path known = fs::weakly_canonical(folder, failed);
  if (failed)
    known = folder;
  if (std::find(seen.begin(), seen.end(), known) != seen.end())
    return;
  seen.push_back(std::move(known));
  folders.push_back(folder.lexically_normal().string());
}

}  // namespace

std::vector<std::string> plugin_folders(const std::vector<std::string>& flags,
                                        const std::string& pipeline_file) {
  std::vector<std::string> folders;
  std::vector<fs::path> seen;
  for (const std::string& folder : flags)
    add_once(folders, seen, folder);
  const std::string listed = variable("SAGE_PLUGIN_PATH");
  for (std::size_t at = 0; at < listed.size();) {
    const std::size_t end = std::min(listed.find(':', at), listed.size());
    add_once(folders, seen, listed.substr(at, end - at));
    at = end + 1;
  }
  if (!pipeline_file.empty())
    add_once(folders, seen, fs::path(pipeline_file).parent_path() / "plugins");
  if (const fs::path root = prefix(); !root.empty()) {
    add_once(folders, seen, root / "plugins");
    add_once(folders, seen, root / SAGE_LIBDIR / "sage/plugins/1");
  }
  return folders;
}

std::string cache_folder() {
  if (std::string named = variable("SAGE_CACHE_DIR"); !named.empty())
    return named;
  if (const std::string cache = variable("XDG_CACHE_HOME");
      !cache.empty() && make_usable(fs::path(cache) / "sage"))
    return cache + "/sage";
  if (const std::string home = variable("HOME");
      !home.empty() && make_usable(fs::path(home) / ".cache/sage"))
    return home + "/.cache/sage";
  const std::string shared = private_temp_folder("sage-cache");
  return shared.empty() ? make_temp_folder("sage-cache") : shared;
}

plugin::RegistryConfig registry_config(const std::vector<std::string>& flags,
                                       const std::string& pipeline_file) {
  plugin::RegistryConfig config;
  config.folders = plugin_folders(flags, pipeline_file);
  config.cache_dir = cache_folder();
  config.scanner = (prefix() / "libexec/sage/sage-plugin-scan").string();
  return config;
}

std::string plugin_tester() { return (prefix() / "libexec/sage/sage-plugin-test").string(); }

std::optional<SdkPlaces> sdk_places() {
  const fs::path root = prefix();
  const SdkPlaces places[] = {
      {{}, root / "sdk", {}, root / "plugins"},  // the build tree
      {{}, root, {}, root / SAGE_LIBDIR / "sage/plugins/1"},
  };
  for (SdkPlaces found : places) {
    std::error_code failed;
    found.sage = this_program();
    found.data = fs::path(found.sdk) / SAGE_DATADIR / "sage";
    if (fs::is_directory(found.data + "/templates", failed))
      return found;
  }
  return std::nullopt;
}

std::string private_temp_folder(const std::string& prefix) {
  const fs::path folder = temp_root() / (prefix + "-" + std::to_string(::geteuid()));
  return make_private(folder) ? folder.string() : "";
}

std::string make_temp_folder(const std::string& prefix) {
  std::string name = (temp_root() / (prefix + "-XXXXXX")).string();
  return ::mkdtemp(name.data()) == nullptr ? "" : name;
}

}  // namespace sage::cli
