#pragma once
// Files as the registry needs them: what identifies a version of a file, its bytes read once, their
// SHA-256, files replaced whole, and the private copies that libraries are loaded from. [any]

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sage::plugin {

struct FileStamp {
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::int64_t ctime_ns = 0;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  bool operator==(const FileStamp&) const = default;
};

struct FileInfo {
  FileStamp stamp;
  std::uint32_t type = 0;  // S_IFMT of its mode; symbolic links are not followed
  bool world_writable = false;
};

Result<FileInfo> file_info(const std::string& path);
// The first bytes, at most so many.
Result<std::vector<std::uint8_t>> read_head(const std::string& path, std::size_t at_most);
Result<std::vector<std::uint8_t>> read_file(const std::string& path);
// Readers see the old file or the new one, never a part. `mode` as for open.
Status write_whole(const std::string& path, std::string_view bytes, unsigned mode);
// Lower-case hex.
std::string sha256(const void* bytes, std::size_t size);

// Makes the folder (and those above it), private to this user; refuses one that others may write.
Status make_private_folder(const std::string& path);

// Where the private copy of a file of this digest lies.
std::string copy_path(const std::string& folder, const std::string& digest);
// Makes the copy, unless one with just these bytes is there.
Status make_copy(const std::string& folder, const std::string& digest,
                 const std::vector<std::uint8_t>& bytes);

}  // namespace sage::plugin
