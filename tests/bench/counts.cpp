#include "counts.hpp"

#include "bench.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sage::bench {

namespace {

std::string parallel(std::uint32_t n) { return "parallelism = " + std::to_string(n); }

std::string path(const std::string& name) { return "path = '" + name + "'"; }

}  // namespace

std::string count_words(const std::string& file, const std::string& directory,
                        std::uint32_t parallelism) {
  const std::string n = parallel(parallelism);
  return pipeline(stage("lines", "io/file", path(file), n) + stage("words", "text/split", "", n) +
                  stage("count", "agg/count", "", "key_by = 'word'\n" + n) +
                  stage("out", "io/file_sink", path(directory) + ", if_exists = 'replace'", n));
}

std::string update_counts(const std::string& file) {
  return pipeline(stage("lines", "io/file", path(file)) + stage("words", "text/split") +
                  stage("count", "agg/count", "emit = 'update'", "key_by = 'word'") +
                  stage("out", "io/null"));
}

WordTotals read_counts(const std::string& directory) {
  constexpr std::string_view kStart = R"({"word":")";
  constexpr std::string_view kMiddle = R"(","n":)";
  WordTotals totals;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const std::size_t middle = line.rfind(kMiddle);
      if (!line.starts_with(kStart) || middle == std::string::npos) {
        throw std::runtime_error("not a count: " + line);
      }
      const std::uint64_t n = std::strtoull(line.c_str() + middle + kMiddle.size(), nullptr, 10);
      totals.words += n;
      ++totals.distinct;
      totals.checksum += word_checksum(line.data() + kStart.size(), middle - kStart.size(), n);
    }
  }
  return totals;
}

void require_equal(const WordTotals& engine, const WordTotals& tight, const std::string& what) {
  require_equal(engine.words, tight.words, what + ", words");
  require_equal(engine.distinct, tight.distinct, what + ", distinct words");
  require_equal(engine.checksum, tight.checksum, what + ", checksum");
}

}  // namespace sage::bench
