#pragma once
// Word counts through the engine: their pipelines, and their results in the form of the yardstick.

#include "tight_loop.hpp"

#include <cstdint>
#include <string>

namespace sage::bench {

// Counts the words of `file` into `directory`, which is replaced.
std::string wordcount(const std::string& file, const std::string& directory,
                      std::uint32_t parallelism = 1);
// Gives a row for every word to a sink that drops it.
std::string wordcount_updates(const std::string& file);
// Throws std::runtime_error where a row is not a count.
WordTotals read_counts(const std::string& directory);

}  // namespace sage::bench
