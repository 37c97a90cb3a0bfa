#include "counts.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sage::bench {

namespace {

std::string stages(const std::string& file, std::uint32_t parallelism, const std::string& emit) {
  const std::string wide = "parallelism = " + std::to_string(parallelism) + "\n";
  return "sage = 1\n[pipeline]\nname = 'wordcount'\n"
         "[[stage]]\nid = 'lines'\nuse = 'io/file'\nwith = { path = '" +
         file + "' }\n" + wide + "[[stage]]\nid = 'words'\nuse = 'text/split'\n" + wide +
         "[[stage]]\nid = 'count'\nuse = 'agg/count'\nkey_by = 'word'\nwith = { emit = '" + emit +
         "' }\n" + wide;
}

}  // namespace

std::string wordcount(const std::string& file, const std::string& directory,
                      std::uint32_t parallelism) {
  return stages(file, parallelism, "end") +
         "[[stage]]\nid = 'out'\nuse = 'io/file_sink'\nwith = { path = '" + directory +
         "', if_exists = 'replace' }\n";
}

std::string wordcount_updates(const std::string& file) {
  return stages(file, 1, "update") + "[[stage]]\nid = 'out'\nuse = 'io/null'\n";
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

}  // namespace sage::bench
