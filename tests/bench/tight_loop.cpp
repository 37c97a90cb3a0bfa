#include "tight_loop.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <memory>
#include <unistd.h>
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

// One load a byte instead of six comparisons.
constexpr std::array<bool, 256> kSpace = [] {
  std::array<bool, 256> table{};
  for (const char c : {' ', '\t', '\n', '\v', '\f', '\r'})
    table[static_cast<unsigned char>(c)] = true;
  return table;
}();

bool is_space(char c) { return kSpace[static_cast<unsigned char>(c)]; }

}  // namespace

std::uint64_t word_checksum(const char* word, std::size_t len, std::uint64_t count) {
  return XXH3_64bits(word, len) * count;
}

WordTotals tight_wordcount(const std::string& file) {
  constexpr std::size_t kBlock = 256u << 10;
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return {};
  Table table;
  std::vector<char> block(kBlock);
  std::size_t held = 0;  // bytes of a word cut off at the end of the last block
  while (true) {
    if (held == block.size())
      block.resize(2 * block.size());
    const ssize_t got = read(fd, block.data() + held, block.size() - held);
    if (got <= 0)
      break;
    const char* p = block.data();
    const char* const end = p + held + static_cast<std::size_t>(got);
    const char* word = p;
    for (p += held; p < end; ++p) {
      if (!is_space(*p))
        continue;
      if (p > word)
        table.add(word, static_cast<std::uint32_t>(p - word));
      word = p + 1;
    }
    held = static_cast<std::size_t>(end - word);
    std::memmove(block.data(), word, held);
  }
  if (held > 0)
    table.add(block.data(), static_cast<std::uint32_t>(held));
  close(fd);
  return table.totals();
}

}  // namespace sage::bench
