#pragma once
// Replaces ${NAME}, ${NAME:-default} and ${file:PATH} inside the text values of a parsed file;
// ${cred:NAME} stays for the machine that runs the operator, and $${ becomes a plain ${. Expanded
// once: what a variable holds is not looked at again. Reads the files named. [any]

#include "spec/findings.hpp"
#include "spec/pipeline.hpp"
#include "spec/value.hpp"

#include <string>
#include <vector>

namespace sage::spec {

inline constexpr std::size_t kMostExpandedBytes = std::size_t{64} << 20;    // of all values
inline constexpr std::size_t kMostInterpolatedFile = std::size_t{1} << 20;  // ${file:...}

// `lines` are those of `file`, to point into a text; values of other places are pointed at whole.
void interpolate(Table& root, const std::string& file, const std::vector<std::string>& lines,
                 const Environment& environment, Findings& findings);

}  // namespace sage::spec
