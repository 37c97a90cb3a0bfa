#pragma once
// The yardstick of word count: what a careful programmer writes by hand for one thread and one
// file. Reads in blocks, splits at ASCII white space, counts in an open addressing table.

#include <cstdint>
#include <string>

namespace sage::bench {

struct WordTotals {
  std::uint64_t words = 0;  // occurrences
  std::uint64_t distinct = 0;
  std::uint64_t checksum = 0;  // order-free: sum over words of hash(word) * count
};

WordTotals tight_wordcount(const std::string& file);

// The same with the engine's own key hash and state table, word by word in blocks: the most that a
// loop with them can do.
WordTotals best_wordcount(const std::string& file);

// The same checksum for a word and its count, for comparing results.
std::uint64_t word_checksum(const char* word, std::size_t len, std::uint64_t count);

}  // namespace sage::bench
