#include "engine.hpp"

#include "runtime/job.hpp"
#include "runtime/operator_resolver.hpp"

#include <stdexcept>

namespace sage::test {

namespace {

[[noreturn]] void fail(const Diagnostics& findings) {
  throw std::runtime_error(findings.empty() ? "no plan" : findings.front().message);
}

}  // namespace

Engine::Engine(const std::string& cache)
    : registry_(
          plugin::Registry::open(
              {{SAGE_BUILD_DIR "/plugins"}, cache, SAGE_BUILD_DIR "/libexec/sage/sage-plugin-scan"})
              .value()) {}

void Engine::run(const std::string& toml) {
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
  const auto job = runtime::Job::create(*plan, *registry_, {});
  if (!job) {
    throw std::runtime_error(job.error().message);
  }
  if (const Status status = job.value()->run(); !status) {
    throw std::runtime_error(status.error().message);
  }
}

}  // namespace sage::test
