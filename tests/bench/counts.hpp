#pragma once
// The word count pipeline of the benchmarks, and its result.

#include "tight_loop.hpp"

#include <cstdint>
#include <string>

namespace sage::bench {

// Counts the words of a file into a directory, replaced; all stages with so many instances, so
// that there is an exchange before the count where they are more than one.
std::string count_words(const std::string& file, const std::string& directory,
                        std::uint32_t parallelism = 1);
// A count for every word, to nowhere.
std::string update_counts(const std::string& file);

// The totals of the rows {"word":...,"n":...} in a directory of part files.
WordTotals read_counts(const std::string& directory);
// Throws std::runtime_error where they differ.
void require_equal(const WordTotals& engine, const WordTotals& tight, const std::string& what);

}  // namespace sage::bench
