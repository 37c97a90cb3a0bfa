#include "plugin/folders.hpp"

#include "plugin/codes.hpp"
#include "plugin/examine.hpp"
#include "plugin/file_store.hpp"
#include "plugin/version.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <new>
#include <optional>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

namespace sage::plugin {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kScansMax = 8;

// A plugin file, and the folder it lies in by its place in the order of search; 0: it was named
// itself. Such a one may be a program whose body looks at its environment, and is asked anew.
struct File {
  std::string path;
  std::size_t folder = 0;
};

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

// The files of a folder in the order of their names.
std::vector<std::string> list(const fs::path& folder, schema::Catalogue& catalogue) {
  const auto refuse_folder = [&](std::string_view code, std::string reason) {
    catalogue.refused.push_back({folder.string(), std::string(code), std::move(reason)});
    return std::vector<std::string>();
  };
  const auto look = file_info(folder.string());
  if (look && look->world_writable) {
    return refuse_folder(kWorldWritable,
                         "every user of this machine may write here; nothing in it is used");
  }
  std::vector<std::string> files;
  std::error_code failure;
  for (fs::directory_iterator it(folder, failure), end; !failure && it != end;
       it.increment(failure)) {
    if (it->path().extension() == ".so") {
      files.push_back(it->path().string());
    }
  }
  if (failure) {
    return refuse_folder(kUnreadable, failure.message());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::vector<File> list_all(const RegistryConfig& config, schema::Catalogue& catalogue) {
  std::vector<File> files;
  for (const std::string& file : config.files) {
    files.push_back({file, 0});
  }
  std::vector<fs::path> known;
  for (const std::string& name : config.folders) {
    std::error_code failure;
    const fs::path folder = fs::canonical(name, failure);
    if (failure || !fs::is_directory(folder, failure) ||
        std::find(known.begin(), known.end(), folder) != known.end()) {
      continue;
    }
    known.push_back(folder);
    for (std::string& path : list(folder, catalogue)) {
      const bool is_known =
          std::any_of(config.files.begin(), config.files.end(),
                      [&](const auto& f) { return fs::equivalent(f, path, failure) && !failure; });
      if (!is_known && file_info(path)) {  // it may have gone meanwhile
        files.push_back({std::move(path), known.size()});
      }
    }
  }
  return files;
}

// Several at a time, as most of the time goes into the children that scan them. Each child has its
// own deadline, from its own start.
std::vector<std::optional<Result<schema::PluginInfo>>> examine_all(const std::vector<File>& files,
                                                                   const RegistryConfig& config) {
  std::vector<std::optional<Result<schema::PluginInfo>>> answers(files.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < files.size(); i = next++) {
      const File& file = files[i];
      try {
        answers[i] =
            file.folder == 0 ? examine(file.path, config) : examine_cached(file.path, config);
      } catch (const std::bad_alloc&) {
        answers[i] =
            refuse(kUnreadable, file.path + ": there is no memory to look at it", ErrorKind::kIo);
      }
    }
  };
  std::vector<std::jthread> others;
  const std::size_t at_once =
      std::min<std::size_t>({std::thread::hardware_concurrency(), kScansMax, files.size()});
  try {
    while (others.size() + 1 < at_once) {
      others.emplace_back(work);
    }
  } catch (const std::system_error&) {  // NOLINT(bugprone-empty-catch)
    // No more threads: those that there are do it.
  }
  work();
  others.clear();
  return answers;
}

// Why this file adds nothing to what was found before it in its folder; empty: it does.
std::string duplicate(const std::vector<Candidate>& all, const Candidate& candidate) {
  for (const Candidate& other : all) {
    if (other.folder == candidate.folder && other.info.id == candidate.info.id &&
        compare_versions(other.info.version, candidate.info.version) == 0) {
      return other.info.file + " is plugin `" + candidate.info.id + "` " + candidate.info.version +
             " already";
    }
  }
  return "";
}

void take(const File& file, Result<schema::PluginInfo> info, std::vector<Candidate>& all,
          schema::Catalogue& catalogue) {
  if (!info) {
    const Error& error = info.error();
    const std::string prefix = file.path + ": ";
    catalogue.refused.push_back(
        {file.path, error.code,
         error.message.starts_with(prefix) ? error.message.substr(prefix.size()) : error.message});
    return;
  }
  Candidate candidate{std::move(*info), file.folder};
  std::string reason = duplicate(all, candidate);
  if (!reason.empty()) {
    catalogue.refused.push_back({file.path, std::string(kDuplicate), std::move(reason)});
    return;
  }
  all.push_back(std::move(candidate));
}

// Sorts, so that the first of an id is the one that is meant without a pin; says what is hidden.
void settle(std::vector<Candidate> all, schema::Catalogue& catalogue) {
  std::sort(all.begin(), all.end(), comes_before);
  const Candidate* first = nullptr;
  std::vector<schema::PluginInfo>& kept = catalogue.plugins;
  for (const Candidate& candidate : all) {
    const schema::PluginInfo& info = candidate.info;
    if (first == nullptr || first->info.id != info.id) {
      first = &candidate;
    } else if (candidate.folder != first->folder) {
      catalogue.warnings.push_back("SAGE-W0301: plugin `" + info.id + "`: " + first->info.file +
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

}  // namespace

schema::Catalogue read_folders(const RegistryConfig& config) {
  schema::Catalogue catalogue;
  std::vector<Candidate> all;
  const std::vector<File> files = list_all(config, catalogue);
  auto answers = examine_all(files, config);
  for (std::size_t i = 0; i < files.size(); ++i) {
    take(files[i], std::move(*answers[i]), all, catalogue);
  }
  settle(std::move(all), catalogue);
  return catalogue;
}

}  // namespace sage::plugin
