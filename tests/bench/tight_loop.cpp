#include "tight_loop.hpp"

#include "words.hpp"

#include <cstring>
#include <vector>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace sage::bench {

namespace {

struct Entry {
  std::uint64_t hash = 0;
  std::uint64_t count = 0;  // 0: free
  std::uint32_t off = 0;
  std::uint32_t len = 0;
};

class Table {
 public:
  Table() : entries_(1u << 12) { arena_.reserve(1u << 20); }

  void add(const char* word, std::uint32_t len) {
    const std::uint64_t hash = XXH3_64bits(word, len);
    Entry& entry = find(hash, word, len);
    if (entry.count++ > 0)
      return;
    entry.hash = hash;
    entry.off = static_cast<std::uint32_t>(arena_.size());
    entry.len = len;
    arena_.insert(arena_.end(), word, word + len);
    if (++used_ * 2 > entries_.size())
      grow();
  }

  WordTotals totals() const {
    WordTotals totals;
    for (const Entry& e : entries_) {
      if (e.count == 0)
        continue;
      totals.words += e.count;
      ++totals.distinct;
      totals.checksum += word_checksum(arena_.data() + e.off, e.len, e.count);
    }
    return totals;
  }

 private:
  Entry& find(std::uint64_t hash, const char* word, std::uint32_t len) {
    const std::size_t mask = entries_.size() - 1;
    for (std::size_t i = hash & mask;; i = (i + 1) & mask) {
      Entry& e = entries_[i];
      if (e.count == 0)
        return e;
      if (e.hash == hash && e.len == len && std::memcmp(arena_.data() + e.off, word, len) == 0) {
        return e;
      }
    }
  }

  void grow() {
    std::vector<Entry> old(entries_.size() * 2);
    old.swap(entries_);
    const std::size_t mask = entries_.size() - 1;
    for (const Entry& e : old) {
      if (e.count == 0)
        continue;
      std::size_t i = e.hash & mask;
      while (entries_[i].count != 0)
        i = (i + 1) & mask;
      entries_[i] = e;
    }
  }

  std::vector<Entry> entries_;
  std::vector<char> arena_;
  std::size_t used_ = 0;
};

}  // namespace

std::uint64_t word_checksum(const char* word, std::size_t len, std::uint64_t count) {
  return XXH3_64bits(word, len) * count;
}

WordTotals tight_wordcount(const std::string& file) {
  Table table;
  each_word_of_file(
      file, [&](const char* word, std::uint32_t len) { table.add(word, len); }, [] {});
  return table.totals();
}

}  // namespace sage::bench
