#include "plugin/examine.hpp"

#include "base/clock.hpp"
#include "plugin/codes.hpp"
#include "plugin/elf_file.hpp"
#include "plugin/file_store.hpp"
#include "plugin/metadata.hpp"
#include "plugin/note.hpp"
#include "plugin/scan.hpp"

#include <cerrno>
#include <optional>
#include <sys/stat.h>

namespace sage::plugin {
namespace {

constexpr unsigned kEntryMode = 0600;
constexpr std::int64_t kHungForNs = 60'000'000'000;

std::string entry_path(const std::string& file, const RegistryConfig& config) {
  return config.cache_dir + "/" + sha256(file.data(), file.size()) + ".json";
}

// Others may be otherwise next time, though the file is the same: so may the pipeline of a program,
// whose body may look at its environment.
bool is_lasting(const Verdict& verdict) {
  const schema::PipelineInfo& pipeline = verdict.plugin.pipeline;
  return verdict.code != kNotLoadable && verdict.code != kNoScanner && verdict.code != kNoCache &&
         verdict.code != kUnreadable && pipeline.toml.empty() && pipeline.error.empty();
}

std::optional<Verdict> recall(const std::string& file, const FileStamp& stamp,
                              const RegistryConfig& config) {
  const auto bytes = read_file(entry_path(file, config));
  if (!bytes) {
    return std::nullopt;
  }
  auto entry = parse_cache({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!entry || entry->path != file || entry->stamp != stamp) {
    return std::nullopt;
  }
  // The machine may have been too busy then. Each look costs its time, so there are few.
  const auto written = file_info(entry_path(file, config));
  if (entry->verdict.code == kHung && written &&
      system_clock().wall_ns() - written->stamp.mtime_ns > kHungForNs) {
    return std::nullopt;
  }
  return std::move(entry->verdict);
}

// A cache that cannot be written only costs time.
void remember(const std::string& file, const FileStamp& stamp, const Verdict& verdict,
              const RegistryConfig& config) {
  static_cast<void>(
      write_whole(entry_path(file, config), cache_text({file, stamp, verdict}), kEntryMode));
}

// The rules for versions of the interface were applied to the note, before any code ran.
Status check_note(const Note& note, const schema::PluginInfo& info) {
  if (info.id != note.id || info.version != note.version) {
    return refuse(kNoteDiffers, "its note says " + note.id + " " + note.version +
                                    ", its description " + info.id + " " + info.version);
  }
  const auto interface = [](std::uint32_t built, std::uint32_t min) {
    return "built for " + abi_text(built) + " and works from " + abi_text(min) + " on";
  };
  if (info.abi_built != note.abi_built || info.abi_min != note.abi_min) {
    return refuse(kNoteDiffers, "its note says that it is " +
                                    interface(note.abi_built, note.abi_min) +
                                    " of the plugin interface, its description that it is " +
                                    interface(info.abi_built, info.abi_min));
  }
  return Ok{};
}

// The copy is scanned, hence the very bytes whose digest and note were read. It stays where the
// file is refused: another file of the same bytes may just be looked at.
Result<schema::PluginInfo> look_inside(const std::string& file, const RegistryConfig& config) {
  SAGE_TRY(const std::vector<std::uint8_t> head, read_head(file, kElfMagicBytes));
  if (!has_elf_magic(head)) {
    return read_note(head).error();  // a large file of something else is not read
  }
  SAGE_TRY(const std::vector<std::uint8_t> bytes, read_file(file));
  SAGE_TRY(const Note note, read_note(bytes));
  const std::string digest = sha256(bytes.data(), bytes.size());
  SAGE_CHECK(make_copy(config.cache_dir, digest, bytes));
  auto info = scan(config.scanner, copy_path(config.cache_dir, digest), config.scan_timeout_ms);
  if (!info) {
    return std::move(info.error());
  }
  SAGE_CHECK(check_note(note, *info));
  info->file = file;
  info->digest = digest;
  info->size = bytes.size();
  return info;
}

Result<schema::PluginInfo> examine_new(const std::string& file, const FileStamp& stamp,
                                       const RegistryConfig& config) {
  auto info = look_inside(file, config);
  Verdict verdict;
  if (info) {
    verdict.plugin = *info;
  } else {
    verdict.code = info.error().code;
    verdict.reason = info.error().message;
  }
  if (is_lasting(verdict)) {
    remember(file, stamp, verdict, config);
  }
  if (!info) {
    return std::move(info.error()).with(file);
  }
  return info;
}

// A file that somebody has named may be named wrongly.
Status find_file(const std::string& file) {
  struct stat info{};
  if (::lstat(file.c_str(), &info) != 0 && (errno == ENOENT || errno == ENOTDIR)) {
    return Error{ErrorKind::kIo, "E0701", "there is no file `" + file + "`",
                 "relative paths start at the current directory"};
  }
  if (S_ISDIR(info.st_mode) && !file.ends_with(".so")) {
    return Error{ErrorKind::kIo, "E0703", "`" + file + "` is a directory",
                 "name a file in it; `--plugins " + file + "` makes it a folder of plugins"};
  }
  return Ok{};
}

// Of a file that is no regular one; found out without opening it, which might block.
std::string what_it_is(const std::string& file, std::uint32_t type) {
  struct stat target{};
  switch (type) {
    case S_IFDIR:
      return "is a directory, not a file";
    case S_IFIFO:
      return "is a FIFO, not a regular file";
    case S_IFSOCK:
      return "is a socket, not a regular file";
    case S_IFLNK:
      return ::stat(file.c_str(), &target) == 0
                 ? "is a symbolic link, and symbolic links are not followed; put the file itself "
                   "here"
                 : "is a symbolic link that leads to no file, and links are not followed anyway";
    default:
      return "is a device, not a regular file";
  }
}

Result<FileInfo> plugin_file_info(const std::string& file) {
  SAGE_TRY(const FileInfo look, file_info(file));
  if (look.type != S_IFREG) {
    return refuse(kNoFile, file + ": " + what_it_is(file, look.type),
                  look.type == S_IFDIR ? ErrorKind::kIo : ErrorKind::kInvalid);
  }
  if (look.world_writable) {
    return refuse(kWorldWritable, file + ": every user of this machine may change it",
                  ErrorKind::kNotAllowed);
  }
  const std::size_t slash = file.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash + 1);
  struct stat around{};
  if (::stat(folder.c_str(), &around) == 0 && (around.st_mode & S_IWOTH) != 0 &&
      (around.st_mode & S_ISVTX) == 0) {
    return refuse(kWorldWritable,
                  file + ": every user of this machine may exchange it in its folder",
                  ErrorKind::kNotAllowed);
  }
  return look;
}

}  // namespace

Result<schema::PluginInfo> examine(const std::string& file, const RegistryConfig& config) {
  SAGE_CHECK(find_file(file));
  SAGE_CHECK(make_private_folder(config.cache_dir));
  SAGE_TRY(const FileInfo look, plugin_file_info(file));
  return examine_new(file, look.stamp, config);
}

Result<schema::PluginInfo> examine_cached(const std::string& file, const RegistryConfig& config) {
  SAGE_TRY(const FileInfo look, plugin_file_info(file));
  std::optional<Verdict> known = recall(file, look.stamp, config);
  if (!known) {
    return examine_new(file, look.stamp, config);
  }
  if (!known->code.empty()) {
    return refuse(known->code, file + ": " + known->reason);
  }
  known->plugin.file = file;
  return std::move(known->plugin);
}

}  // namespace sage::plugin
