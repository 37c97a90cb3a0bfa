#include "tight_loop.hpp"

#include "base/hash.hpp"
#include "state/keyed_state.hpp"

#include <array>
#include <cstring>
#include <fcntl.h>
#include <string_view>
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

  void flush() {}

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

// The engine's key hash and table; words are looked up some hundreds at a time, as it does.
class StateTable {
 public:
  void add(const char* word, std::uint32_t len) {
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(word);
    if (len < 16) {
      std::memset(blocks_[size_], 0, 16);
      std::memcpy(blocks_[size_], bytes, len);
      blocks_[size_][15] = static_cast<std::uint8_t>(len + 1);
    }
    keys_[size_] = {0, bytes, len};
    if (++size_ == kStep)
      flush();
  }

  // The words added so far need not stay where they are any more.
  void flush() {
    std::array<std::uint64_t, kStep> hashes{};
    std::array<void*, kStep> slots{};
    hash64_blocks(blocks_, size_, hashes.data());
    for (std::uint32_t i = 0; i < size_; ++i) {
      keys_[i].hash = keys_[i].len < 16 ? hashes[i] : hash64(view(keys_[i]));
    }
    state_.slots({keys_.data(), size_}, slots.data());
    for (std::uint32_t i = 0; i < size_; ++i)
      ++*static_cast<std::uint64_t*>(slots[i]);
    size_ = 0;
  }

  WordTotals totals() {
    WordTotals totals;
    std::array<std::string_view, kStep> words;
    std::array<void*, kStep> slots{};
    std::uint64_t cursor = 0;
    while (const std::uint32_t n = state_.scan(cursor, words, slots)) {
      totals.distinct += n;
      for (std::uint32_t i = 0; i < n; ++i) {
        const std::uint64_t count = *static_cast<std::uint64_t*>(slots[i]);
        totals.words += count;
        totals.checksum += word_checksum(words[i].data(), words[i].size(), count);
      }
    }
    return totals;
  }

 private:
  static constexpr std::uint32_t kStep = 256;
  static std::string_view view(const state::KeyRef& key) {
    return {reinterpret_cast<const char*>(key.bytes), key.len};
  }

  state::KeyedState state_{sizeof(std::uint64_t), 128};
  std::uint8_t blocks_[kStep][16] = {};
  std::array<state::KeyRef, kStep> keys_{};
  std::uint32_t size_ = 0;
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

namespace {

// Hands every word of the file to `table`, in order.
template <class Table>
WordTotals count_words(const std::string& file, Table& table) {
  constexpr std::size_t kBlock = 256u << 10;
  const int fd = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0)
    return {};
  constexpr std::size_t kSlack = 16;  // read behind the last word
  std::vector<char> block(kBlock + kSlack);
  std::size_t held = 0;  // bytes of a word cut off at the end of the last block
  while (true) {
    if (held + kSlack == block.size())
      block.resize(2 * block.size());
    const ssize_t got = read(fd, block.data() + held, block.size() - kSlack - held);
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
    table.flush();
    held = static_cast<std::size_t>(end - word);
    std::memmove(block.data(), word, held);
  }
  if (held > 0)
    table.add(block.data(), static_cast<std::uint32_t>(held));
  table.flush();
  close(fd);
  return table.totals();
}

}  // namespace

WordTotals tight_wordcount(const std::string& file) {
  Table table;
  return count_words(file, table);
}

WordTotals best_wordcount(const std::string& file) {
  StateTable table;
  return count_words(file, table);
}

}  // namespace sage::bench
