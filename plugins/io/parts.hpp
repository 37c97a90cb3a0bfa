#pragma once
// The final files of a sink, `part-00002.jsonl` and so on, and what it takes to make a staged file
// one of them.

#include "staged_file.hpp"

#include <optional>
#include <vector>

namespace sage::io {

// The part files of a directory, sorted by name. Throws where a directory has the name of a part:
// it would be in the way of a commit.
std::vector<std::string> list_parts(const std::string& directory);

// The number in a name such as "part-00002.jsonl"; nothing if there is none.
std::optional<std::uint64_t> part_number(std::string_view name);

// The lowest number above those of `existing` that belongs to `instance` of `parallelism`: number
// mod parallelism is the instance. So instances never meet, whatever they saw.
std::uint64_t next_part_number(const std::vector<std::string>& existing, std::uint32_t instance,
                               std::uint32_t parallelism);

// `extension` without its dot.
std::string part_name(std::uint64_t number, std::string_view extension);

// What a sink instance promises when it is prepared: all that a commit needs, in any process that
// sees the directory.
struct Promise {
  std::string directory;  // absolute
  std::uint32_t instance = 0;
  std::uint64_t inode = 0;       // of the staged file, which it keeps when it is renamed
  std::string part;              // name of the final file; empty: there were no rows
  bool replace = false;          // a file of that name may be overwritten
  std::vector<std::string> old;  // part files of earlier jobs that this instance removes

  std::string encode() const;
  // Throws Failure where it is not what `encode` wrote.
  static Promise decode(std::string_view text);
};

// Makes the staged file final and removes the old ones. What is done already stays as it is, so it
// may be repeated, also after it was interrupted.
void commit(const Promise& promise);

}  // namespace sage::io
