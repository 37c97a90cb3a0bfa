#include "text_file.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <vector>

namespace sage::bench {

namespace {

// SplitMix64: the same numbers with every standard library.
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

std::vector<std::string> make_words(std::uint32_t distinct, Random& random) {
  std::vector<std::string> words;
  for (std::uint32_t i = 0; i < distinct; ++i) {
    // Frequent words are short: rank 1 has 2 letters, rank 100,000 about 10.
    const auto letters =
        2 + static_cast<std::uint32_t>(std::log2(i + 1.0) / 2.5) + random.next() % 4;
    std::string word;
    for (std::uint64_t l = 0; l < letters; ++l)
      word += static_cast<char>('a' + random.next() % 26);
    words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

bool write_zipf_text(const std::string& file, std::uint64_t bytes, std::uint32_t distinct,
                     std::uint64_t seed) {
  Random random(seed);
  const std::vector<std::string> words = make_words(distinct, random);
  std::vector<double> cumulative;
  double total = 0;
  for (std::uint32_t i = 0; i < distinct; ++i)
    cumulative.push_back(total += 1.0 / (i + 1.0));
  std::FILE* out = std::fopen(file.c_str(), "wb");
  if (out == nullptr)
    return false;
  std::string line;
  for (std::uint64_t written = 0; written < bytes; written += line.size()) {
    line.clear();
    while (line.size() < 60) {
      const auto at = std::lower_bound(cumulative.begin(), cumulative.end(), random.unit() * total);
      line += words[static_cast<std::size_t>(std::min<std::ptrdiff_t>(
          at - cumulative.begin(), static_cast<std::ptrdiff_t>(distinct) - 1))];
      line += ' ';
    }
    line.back() = '\n';
    std::fwrite(line.data(), 1, line.size(), out);
  }
  return std::fclose(out) == 0;
}

}  // namespace sage::bench
