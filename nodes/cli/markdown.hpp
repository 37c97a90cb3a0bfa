#pragma once
// Pipelines in documents: the ```toml blocks of a Markdown file. Pure.

#include <string>
#include <string_view>
#include <vector>

namespace sage::cli {

// The text of a block with an empty line for every line of the document before it, so that places
// in it are places in the document. Only blocks that say `sage = 1`; other TOML is not ours.
std::vector<std::string> pipeline_blocks(std::string_view markdown);

}  // namespace sage::cli
