#pragma once
// Where the program looks for plugins, their cache and its helpers. Reads the environment.

#include "plugin/registry.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sage::cli {

// --plugins DIR..., SAGE_PLUGIN_PATH, plugins/ beside the pipeline file ("" = none),
// <exe>/../plugins, <libdir>/sage/plugins/1; each folder once.
std::vector<std::string> plugin_folders(const std::vector<std::string>& flags,
                                        const std::string& pipeline_file);

// $SAGE_CACHE_DIR, $XDG_CACHE_HOME/sage, ~/.cache/sage, or a private folder for temporary files.
std::string cache_folder();

plugin::RegistryConfig registry_config(const std::vector<std::string>& flags,
                                       const std::string& pipeline_file);

// The program that `plugin test` runs plugins in.
std::string plugin_tester();

// What building a plugin on this machine needs.
struct SdkPlaces {
  std::string sage;     // this program
  std::string sdk;      // the folder with include/ and lib/
  std::string data;     // the one of the SDK's templates/
  std::string plugins;  // searched for plugins by this program
};
// Nothing: the SDK is not installed beside this program.
std::optional<SdkPlaces> sdk_places();

// The folder PREFIX-UID for temporary files, which this user alone may use; empty: it could not be
// made, or is somebody else's.
std::string private_temp_folder(const std::string& prefix);

// A fresh folder of one's own for temporary files; empty: it could not be made.
std::string make_temp_folder(const std::string& prefix);

}  // namespace sage::cli
