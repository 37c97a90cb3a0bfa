#include "file_list.hpp"

#include <sage/plugin.hpp>

#include <algorithm>
#include <filesystem>
#include <system_error>

#include <glob.h>

namespace sage::io {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kRangeBytes = std::uint64_t{64} << 20;

[[noreturn]] void fail(const std::string& path, const std::error_code& reason) {
  throw Failure(SAGE_E_IO, "cannot read " + path + ": " + reason.message());
}

bool hidden(const fs::path& path) { return path.filename().native().starts_with('.'); }

void add_file(const fs::path& path, std::string name, std::vector<InputFile>& files) {
  std::error_code error;
  const std::uint64_t size = fs::file_size(path, error);
  if (error) {
    fail(path.native(), error);
  }
  files.push_back({path.native(), std::move(name), size});
}

void add_folder(const fs::path& folder, const fs::path& base, std::vector<InputFile>& files) {
  std::error_code error;
  auto entry = fs::recursive_directory_iterator(folder, error);
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (hidden(entry->path())) {
      entry.disable_recursion_pending();
    } else if (entry->symlink_status().type() == fs::file_type::regular) {
      add_file(entry->path(), entry->path().lexically_relative(base).native(), files);
    }
  }
  if (error) {
    fail(folder.native(), error);
  }
}

// A path that was named: symbolic links are followed, as a shell does. False: it is something else
// than a file or directory, and nothing was added.
bool add_named(const fs::path& path, const fs::path& base, std::vector<InputFile>& files) {
  std::error_code error;
  const fs::file_status status = fs::status(path, error);
  if (error) {
    fail(path.native(), error);
  }
  if (fs::is_directory(status)) {
    add_folder(path, base, files);
  } else if (fs::is_regular_file(status)) {
    add_file(path, path.lexically_relative(base).native(), files);
  } else {
    return false;
  }
  return true;
}

// Without opening it, which might block.
void refuse_special(const std::string& path) {
  const char* what = "is neither a file nor a directory";
  std::error_code ignored;
  switch (fs::status(path, ignored).type()) {
    case fs::file_type::fifo:
      what = "is a FIFO, not a file: use io/stdin and `sage run ... < FIFO`";
      break;
    case fs::file_type::socket:
      what = "is a socket, not a file";
      break;
    case fs::file_type::block:
    case fs::file_type::character:
      what = "is a device, not a file: use io/stdin and `sage run ... < DEVICE`";
      break;
    default:
      break;
  }
  throw Failure(SAGE_E_IO, path + " " + what);
}

void add_pattern(const std::string& pattern, std::vector<InputFile>& files) {
  glob_t found{};
  const int status = ::glob(pattern.c_str(), GLOB_NOSORT, nullptr, &found);
  const fs::path base = fs::path(pattern.substr(0, pattern.find_first_of("*?["))).parent_path();
  bool any = false;
  try {
    for (std::size_t i = 0; status == 0 && i < found.gl_pathc; ++i) {
      any = add_named(found.gl_pathv[i], base, files) || any;
    }
  } catch (...) {
    ::globfree(&found);
    throw;
  }
  ::globfree(&found);
  if (!any) {
    throw Failure(SAGE_E_IO, "no file matches " + pattern);
  }
}

}  // namespace

std::vector<InputFile> list_files(const std::string& path) {
  std::vector<InputFile> files;
  std::error_code error;
  if (!fs::exists(path, error) && path.find_first_of("*?[") != std::string::npos) {
    add_pattern(path, files);
  } else if (const fs::path named = path; !add_named(
                 named, fs::is_directory(named, error) ? named : named.parent_path(), files)) {
    refuse_special(path);
  }
  std::ranges::sort(files, {}, &InputFile::path);
  const auto [first, last] = std::ranges::unique(files, {}, &InputFile::path);
  files.erase(first, last);
  return files;
}

std::vector<FileRange> ranges_of(const std::vector<InputFile>& files, bool split,
                                 std::uint32_t subtask, std::uint32_t parallelism) {
  std::vector<FileRange> ranges;
  std::uint64_t number = 0;
  for (std::uint32_t file = 0; file < files.size(); ++file) {
    const std::uint64_t size = files[file].size;
    std::uint64_t begin = 0;
    do {
      const bool last = !split || size - begin <= kRangeBytes;
      const std::uint64_t end = last ? UINT64_MAX : begin + kRangeBytes;
      if (number++ % parallelism == subtask) {
        ranges.push_back({file, begin, end});
      }
      begin = end;
    } while (begin < size);
  }
  return ranges;
}

}  // namespace sage::io
