#include "engine.hpp"

#include "runtime/operator_resolver.hpp"

#include <ctime>
#include <stdexcept>
#include <utility>

namespace sage::test {

namespace {

[[noreturn]] void fail(const Diagnostics& findings) {
  throw std::runtime_error(findings.empty() ? "no plan" : findings.front().message);
}

}  // namespace

double cpu_seconds() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

Engine::Engine(const std::string& cache, std::vector<std::string> folders) {
  folders.emplace_back(SAGE_BUILD_DIR "/plugins");
  registry_ = plugin::Registry::open(
                  {std::move(folders), cache, SAGE_BUILD_DIR "/libexec/sage/sage-plugin-scan"})
                  .value();
}

Run Engine::run(const std::string& toml, const runtime::JobOptions& options) {
  const spec::Parsed parsed = spec::parse_pipeline(
      toml, "bench.toml", {[](const std::string&) { return std::nullopt; }, {}, {}});
  Diagnostics findings = parsed.findings;
  if (has_errors(findings)) {
    fail(findings);
  }
  const auto plan =
      plan::make_plan(parsed.pipeline, runtime::make_operator_resolver(*registry_), findings);
  if (!plan) {
    fail(findings);
  }
  const auto job = runtime::Job::create(*plan, *registry_, options);
  if (!job) {
    throw std::runtime_error(job.error().message);
  }
  const double before = cpu_seconds();
  if (const Status status = job.value()->run(); !status) {
    throw std::runtime_error(status.error().message);
  }
  return {job.value()->report(), cpu_seconds() - before};
}

}  // namespace sage::test
