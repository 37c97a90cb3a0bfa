#include "plugin/registry.hpp"

#include "base/text.hpp"
#include "plugin/codes.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/examine.hpp"
#include "plugin/file_store.hpp"
#include "plugin/library.hpp"
#include "plugin/operator_table.hpp"
#include "plugin/version.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace sage::plugin {
namespace {

namespace fs = std::filesystem;

// A plugin and the folder it lies in, by its place in the order of search.
struct Candidate {
  schema::PluginInfo info;
  std::size_t folder = 0;
};

bool comes_before(const Candidate& a, const Candidate& b) {
  if (a.info.id != b.info.id) {
    return a.info.id < b.info.id;
  }
  if (a.folder != b.folder) {
    return a.folder < b.folder;
  }
  return compare_versions(a.info.version, b.info.version) > 0;
}

class FolderRegistry final : public Registry {
 public:
  explicit FolderRegistry(RegistryConfig config) : config_(std::move(config)) {}

  void read_folders();
  const schema::Catalogue& catalogue() const override { return catalogue_; }
  Result<const schema::PluginInfo*> choose(std::string_view id,
                                           std::string_view version) const override;
  Result<const schema::OperatorInfo*> find(std::string_view plugin, std::string_view version,
                                           std::string_view op) const override;
  Result<LoadedOperator> load(std::string_view plugin, std::string_view version,
                              std::string_view op) override;

 private:
  struct Found {
    const schema::PluginInfo* plugin;
    const schema::OperatorInfo* op;
  };
  void read_folder(const std::string& path, std::vector<Candidate>& all);
  void read_file_of(const fs::path& path, std::vector<Candidate>& all, std::size_t folder);
  void settle(std::vector<Candidate> all);
  Error no_plugin(std::string_view id) const;
  Result<Found> search(std::string_view plugin, std::string_view version,
                       std::string_view op) const;
  Result<const sage_plugin*> load(const schema::PluginInfo& info);

  RegistryConfig config_;
  schema::Catalogue catalogue_;
  std::vector<std::string> folders_;                  // real paths, none twice
  std::map<std::string, const sage_plugin*> loaded_;  // by digest
};

void FolderRegistry::read_folders() {
  std::vector<Candidate> all;
  for (const std::string& folder : config_.folders) {
    read_folder(folder, all);
  }
  settle(std::move(all));
}

void FolderRegistry::read_folder(const std::string& path, std::vector<Candidate>& all) {
  std::error_code failure;
  const fs::path folder = fs::canonical(path, failure);
  if (failure || !fs::is_directory(folder, failure) ||
      std::find(folders_.begin(), folders_.end(), folder.string()) != folders_.end()) {
    return;
  }
  const auto look = look_at(folder.string());
  if (look && look->world_writable) {
    catalogue_.refused.push_back(
        {folder.string(), std::string(kWorldWritable),
         "every user of this machine may write here; nothing in it is used"});
    return;
  }
  std::vector<fs::path> files;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    if (it->path().extension() == ".so") {
      files.push_back(it->path());
    }
  }
  if (failure) {
    catalogue_.refused.push_back({folder.string(), std::string(kUnreadable), failure.message()});
    return;
  }
  std::sort(files.begin(), files.end());
  folders_.push_back(folder.string());
  for (const fs::path& file : files) {
    read_file_of(file, all, folders_.size() - 1);
  }
}

void FolderRegistry::read_file_of(const fs::path& path, std::vector<Candidate>& all,
                                  std::size_t folder) {
  const auto look = look_at(path.string());
  if (!look || (!look->is_regular && !look->is_link)) {
    return;
  }
  if (look->is_link) {
    catalogue_.warnings.push_back(path.string() +
                                  ": symbolic links are not followed; put the file itself here");
    return;
  }
  auto info = examine_cached(path.string(), config_);
  if (!info) {
    const Error& error = info.error();
    const std::string prefix = path.string() + ": ";
    catalogue_.refused.push_back(
        {path.string(), error.code,
         error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message});
    return;
  }
  for (const Candidate& other : all) {
    if (other.folder == folder && other.info.id == info->id &&
        compare_versions(other.info.version, info->version) == 0) {
      catalogue_.refused.push_back(
          {path.string(), std::string(kDuplicate),
           other.info.file + " is plugin `" + info->id + "` " + info->version + " already"});
      return;
    }
  }
  all.push_back({std::move(*info), folder});
}

// Sorts, so that the first of an id is the one that is meant without a pin; says what is hidden.
void FolderRegistry::settle(std::vector<Candidate> all) {
  std::sort(all.begin(), all.end(), comes_before);
  const Candidate* first = nullptr;
  std::vector<schema::PluginInfo>& kept = catalogue_.plugins;
  for (Candidate& candidate : all) {
    const schema::PluginInfo& info = candidate.info;
    if (first == nullptr || first->info.id != info.id) {
      first = &candidate;
    } else if (candidate.folder != first->folder) {
      catalogue_.warnings.push_back("SAGE-W0301: plugin `" + info.id + "`: " + first->info.file +
                                    " (" + first->info.version + ") hides " + info.file + " (" +
                                    info.version + ")");
    }
    const bool is_new = std::none_of(kept.begin(), kept.end(), [&](const auto& other) {
      return other.id == info.id && compare_versions(other.version, info.version) == 0;
    });
    if (is_new) {
      kept.push_back(info);
    }
  }
}

Error FolderRegistry::no_plugin(std::string_view id) const {
  Error error = refuse(kNoPlugin, "there is no plugin `" + std::string(id) + "`");
  for (const schema::Refusal& refusal : catalogue_.refused) {
    if (fs::path(refusal.file).stem() == id) {
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

Result<const schema::PluginInfo*> FolderRegistry::choose(std::string_view id,
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

Result<FolderRegistry::Found> FolderRegistry::search(std::string_view plugin,
                                                     std::string_view version,
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

Result<const schema::OperatorInfo*> FolderRegistry::find(std::string_view plugin,
                                                         std::string_view version,
                                                         std::string_view op) const {
  SAGE_TRY(const Found found, search(plugin, version, op));
  return found.op;
}

Result<const sage_plugin*> FolderRegistry::load(const schema::PluginInfo& info) {
  const auto known = loaded_.find(info.digest);
  if (known != loaded_.end()) {
    return known->second;
  }
  const std::string copy = copy_path(config_.cache_dir, info.digest);
  if (!look_at(copy)) {  // somebody tidied the cache
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
  loaded_.emplace(info.digest, *plugin);
  return *plugin;
}

Result<LoadedOperator> FolderRegistry::load(std::string_view plugin, std::string_view version,
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

}  // namespace

Result<std::unique_ptr<Registry>> Registry::open(RegistryConfig config) {
  SAGE_CHECK(make_private_folder(config.cache_dir));
  auto registry = std::make_unique<FolderRegistry>(std::move(config));
  registry->read_folders();
  return std::unique_ptr<Registry>(std::move(registry));
}

}  // namespace sage::plugin
