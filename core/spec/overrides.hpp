#pragma once
// --set and -P: changes the parsed file before it is checked, so that what they set is checked
// like what is written. Their values are placed in a file named after the flag. [any]

#include "spec/findings.hpp"
#include "spec/pipeline.hpp"
#include "spec/value.hpp"

#include <string>
#include <string_view>

namespace sage::spec {

// Place::file of a value set on the command line: "--set lines.with.path=v", "-P words=4".
inline constexpr std::string_view kSetFlag = "--set ";
inline constexpr std::string_view kParallelismFlag = "-P ";

void apply_overrides(Table& root, const ParseOptions& options, Findings& findings);

}  // namespace sage::spec
