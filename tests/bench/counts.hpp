#pragma once
// The word count pipeline of the benchmark, and its result.

#include "tight_loop.hpp"

#include <string>

namespace sage::bench {

// A pipeline that counts the words of a file into a directory, replaced.
std::string wordcount(const std::string& file, const std::string& directory);

// The totals of the rows {"word":...,"n":...} in a directory of part files.
WordTotals read_counts(const std::string& directory);

}  // namespace sage::bench
