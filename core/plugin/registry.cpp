#include "plugin/registry.hpp"

#include "base/text.hpp"
#include "plugin/codes.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/file_store.hpp"
#include "plugin/folders.hpp"
#include "plugin/library.hpp"
#include "plugin/operator_table.hpp"
#include "plugin/version.hpp"

#include <filesystem>

namespace sage::plugin {

Error Registry::no_plugin(std::string_view id) const {
  Error error = refuse(kNoPlugin, "there is no plugin `" + std::string(id) + "`");
  for (const schema::Refusal& refusal : catalogue_.refused) {
    if (std::filesystem::path(refusal.file).stem() == id) {
      error.hint = refusal.file + " was refused: " + refusal.reason;
      return error;
    }
  }
  std::vector<std::string> ids;
  for (const schema::PluginInfo& info : catalogue_.plugins) {
    if (ids.empty() || ids.back() != info.id) {
      ids.push_back(info.id);
    }
  }
  error.hint = suggest(id, ids);
  return error;
}

Result<const schema::PluginInfo*> Registry::choose(std::string_view id,
                                                   std::string_view version) const {
  std::string there;
  for (const schema::PluginInfo& info : catalogue_.plugins) {
    if (info.id != id) {
      continue;
    }
    if (version.empty() || matches_pin(info.version, version)) {
      return &info;
    }
    there += (there.empty() ? "" : ", ") + info.version;
  }
  if (there.empty()) {
    return no_plugin(id);
  }
  Error error = refuse(kNoVersion, "plugin `" + std::string(id) + "` is not there in version " +
                                       std::string(version));
  error.hint = "found: " + there;
  return error;
}

Result<Registry::Found> Registry::search(std::string_view plugin, std::string_view version,
                                         std::string_view op) const {
  SAGE_TRY(const schema::PluginInfo* info, choose(plugin, version));
  std::vector<std::string> ids;
  for (const schema::OperatorInfo& candidate : info->operators) {
    if (candidate.id == op) {
      return Found{info, &candidate};
    }
    ids.push_back(candidate.id);
  }
  Error error = refuse(kNoOperator, "plugin `" + info->id + "` " + info->version +
                                        " has no operator `" + std::string(op) + "`");
  error.hint = suggest(op, ids);
  return error;
}

Result<const schema::OperatorInfo*> Registry::find(std::string_view plugin,
                                                   std::string_view version,
                                                   std::string_view op) const {
  SAGE_TRY(const Found found, search(plugin, version, op));
  return found.op;
}

Result<const sage_plugin*> Registry::load(const schema::PluginInfo& info) {
  const auto known = loaded_.find(info.digest);
  if (known != loaded_.end()) {
    return known->second;
  }
  const std::string copy = copy_path(config_.cache_dir, info.digest);
  const auto there = file_info(copy);
  if (!there || there->stamp.size != info.size) {  // somebody tidied the cache, or cut the copy
    SAGE_TRY(const std::vector<std::uint8_t> bytes, read_file(info.file));
    if (sha256(bytes.data(), bytes.size()) != info.digest) {
      return refuse(kChanged, info.file + ": has changed since it was looked at");
    }
    SAGE_CHECK(make_copy(config_.cache_dir, info.digest, bytes));
  }
  auto plugin = load_plugin(copy, info.digest);
  if (!plugin) {
    return std::move(plugin.error()).with(info.file);
  }
  // It described itself to the scanner; here it must do so again before its tables are used.
  auto again = describe_plugin(*plugin);
  if (!again) {
    return std::move(again.error()).with(info.file);
  }
  if (!again->pipeline.error.empty() && info.pipeline.error.empty()) {
    return refuse(kOtherPipeline, info.file + ": its program describes no pipeline any more: " +
                                      again->pipeline.error);
  }
  if (again->pipeline.fingerprint != info.pipeline.fingerprint) {
    return refuse(kOtherPipeline,
                  info.file + ": its program describes another pipeline than before");
  }
  loaded_.emplace(info.digest, *plugin);
  return *plugin;
}

Result<LoadedOperator> Registry::load(std::string_view plugin, std::string_view version,
                                      std::string_view op) {
  SAGE_TRY(const Found found, search(plugin, version, op));
  SAGE_TRY(const sage_plugin* theirs, load(*found.plugin));
  const sage_plugin table = normalised(theirs);
  for (std::uint32_t i = 0; i < table.n_operators; ++i) {
    if (text_or_empty(normalised(table.operators[i]).id) == op) {
      return LoadedOperator{table.operators[i], found.op, found.plugin};
    }
  }
  return refuse(kBadDescriptor, found.plugin->file + ": has no operator `" + std::string(op) +
                                    "` any more, once it is loaded");
}

Result<std::unique_ptr<Registry>> Registry::open(RegistryConfig config) {
  SAGE_CHECK(make_private_folder(config.cache_dir));
  schema::Catalogue catalogue = read_folders(config);
  return std::unique_ptr<Registry>(new Registry(std::move(config), std::move(catalogue)));
}

}  // namespace sage::plugin
