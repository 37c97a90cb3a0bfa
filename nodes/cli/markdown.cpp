#include "markdown.hpp"

#include <algorithm>
#include <cstddef>

namespace sage::cli {
namespace {

// The characters that begin or end a block, such as "```"; empty: the line is no fence.
std::string_view fence_of(std::string_view line) {
  const std::size_t indent = std::min(line.find_first_not_of(' '), line.size());
  if (indent > 3)
    return {};
  line.remove_prefix(indent);
  if (line.empty() || (line[0] != '`' && line[0] != '~'))
    return {};
  const std::size_t length = std::min(line.find_first_not_of(line[0]), line.size());
  return length >= 3 ? line.substr(0, length) : std::string_view();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") + 1 - begin);
}

bool is_toml(std::string_view line, std::string_view fence) {
  const std::string_view info =
      trimmed(line.substr(static_cast<std::size_t>(fence.data() - line.data()) + fence.size()));
  return info == "toml" || info.starts_with("toml ") || info.starts_with("toml,");
}

// `sage = 1` or another version, before the first table.
bool says_sage(std::string_view line) {
  line = trimmed(line);
  if (!line.starts_with("sage"))
    return false;
  return trimmed(line.substr(4)).starts_with('=');
}

}  // namespace

std::vector<std::string> pipeline_blocks(std::string_view markdown) {
  std::vector<std::string> blocks;
  std::string block;
  std::string open;  // the fence of the block we are in
  bool toml = false;
  bool ours = false;
  std::size_t number = 0;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    ++number;
    const std::string_view fence = fence_of(line);
    if (open.empty()) {
      if (fence.empty())
        continue;
      open = fence;
      toml = is_toml(line, fence);
      ours = false;
      block.assign(number, '\n');
      continue;
    }
    const bool closes = !fence.empty() && fence[0] == open[0] && fence.size() >= open.size() &&
                        trimmed(line) == fence;
    if (!closes) {
      ours = ours || says_sage(line);
      block.append(line).append("\n");
      continue;
    }
    if (toml && ours)
      blocks.push_back(block);
    open.clear();
  }
  return blocks;
}

}  // namespace sage::cli
