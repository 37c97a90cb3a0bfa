#pragma once
// The yardsticks of word count, for one thread and one file: what a careful programmer writes by
// hand, and the best that we know how to write.

#include <cstdint>
#include <string>

namespace sage::bench {

struct WordTotals {
  std::uint64_t words = 0;  // occurrences
  std::uint64_t distinct = 0;
  std::uint64_t checksum = 0;  // order-free: sum over words of hash(word) * count
};

// XXH3 of each word and an open addressing table.
WordTotals tight_wordcount(const std::string& file);
// The engine's own key hash and state table, by tiles of words.
WordTotals best_wordcount(const std::string& file);

// The same checksum for a word and its count, for comparing results.
std::uint64_t word_checksum(const char* word, std::size_t len, std::uint64_t count);

}  // namespace sage::bench
