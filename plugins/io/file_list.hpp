#pragma once
// What the option `path` of io/file names.

#include <cstdint>
#include <string>
#include <vector>

namespace sage::io {

struct InputFile {
  std::string path;
  std::string name;  // relative to what was named: the directory, or that of the file or pattern
  std::uint64_t size = 0;
};

// A file, a directory (recursively: regular files, no hidden entries, no symbolic links) or a glob
// pattern, in byte order of the paths. Links that are named or matched are followed; a pattern
// passes over FIFOs, sockets and devices. Throws Failure with SAGE_E_IO if there is nothing of that
// name, it is none of these, or a directory cannot be read. Opens no file.
std::vector<InputFile> list_files(const std::string& path);

// The part of a file that one instance reads: lines that start in [begin, end).
struct FileRange {
  std::uint32_t file = 0;
  std::uint64_t begin = 0;
  std::uint64_t end = UINT64_MAX;
};

// Ranges number `subtask`, `subtask + parallelism`, ... of all; with `split`, files over 64 MiB
// make several.
std::vector<FileRange> ranges_of(const std::vector<InputFile>& files, bool split,
                                 std::uint32_t subtask, std::uint32_t parallelism);

}  // namespace sage::io
