#pragma once
// The parts of the table of codes, one file per area. Only codes.cpp joins them. Constant data.

#include "base/codes.hpp"

#include <span>

namespace sage {

std::span<const CodeInfo> file_codes();     // E00xx, E01xx, W01xx: the pipeline file
std::span<const CodeInfo> graph_codes();    // E02xx, W02xx: the graph and its schemas
std::span<const CodeInfo> plugin_codes();   // E03xx, W03xx: plugin files
std::span<const CodeInfo> option_codes();   // E04xx: options of operators
std::span<const CodeInfo> run_codes();      // E05xx: records; E06xx, W06xx: a job as it runs
std::span<const CodeInfo> command_codes();  // E07xx: files and ports; E08xx: command lines

}  // namespace sage
