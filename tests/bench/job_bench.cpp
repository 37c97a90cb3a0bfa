#include "job_bench.hpp"

#include "runtime/job.hpp"
#include "runtime/world.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace sage::bench {

namespace {

[[noreturn]] void fail(const Diagnostics& findings) {
  throw std::runtime_error(findings.empty() ? "no plan" : findings.front().message);
}

}  // namespace

Engine::Engine(const Folder& temp)
    : registry_(plugin::Registry::open({{SAGE_BUILD_DIR "/plugins"},
                                        temp / "cache",
                                        SAGE_BUILD_DIR "/libexec/sage/sage-plugin-scan"})
                    .value()) {}

void Engine::run(const std::string& toml) {
  const spec::Parsed parsed = spec::parse_pipeline(
      toml, "bench.toml", {[](const std::string&) { return std::nullopt; }, {}, {}});
  Diagnostics findings = parsed.findings;
  if (has_errors(findings)) {
    fail(findings);
  }
  const auto plan = plan::make_plan(parsed.pipeline, runtime::make_world(*registry_), findings);
  if (!plan) {
    fail(findings);
  }
  const auto job = runtime::Job::create(*plan, *registry_, {});
  if (!job) {
    throw std::runtime_error(job.error().message);
  }
  if (const Status status = job.value()->run(); !status) {
    throw std::runtime_error(status.error().message);
  }
}

void Engine::wordcount(const std::string& file, const std::string& directory) {
  run("sage = 1\n[pipeline]\nname = 'wordcount'\n"
      "[[stage]]\nid = 'lines'\nuse = 'io/file'\nwith = { path = '" +
      file +
      "' }\n"
      "[[stage]]\nid = 'words'\nuse = 'text/split'\n"
      "[[stage]]\nid = 'count'\nuse = 'agg/count'\nkey_by = 'word'\n"
      "[[stage]]\nid = 'out'\nuse = 'io/file_sink'\nwith = { path = '" +
      directory + "', if_exists = 'replace' }\n");
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
