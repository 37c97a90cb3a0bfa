#include "engine.hpp"

#include "runtime/job.hpp"
#include "runtime/operator_resolver.hpp"

#include <stdexcept>

namespace sage::test {

namespace {

[[noreturn]] void fail(const Diagnostics& findings) {
  throw std::runtime_error(findings.empty() ? "no plan" : findings.front().message);
}

const plugin::Metric* find(const runtime::Report& report, const std::string& stage,
                           const std::string& name) {
  for (const runtime::StageReport& s : report.stages) {
    for (const plugin::Metric& metric : s.total.metrics) {
      if (s.id == stage && metric.name == name)
        return &metric;
    }
  }
  return nullptr;
}

}  // namespace

std::uint64_t Ran::counter(const std::string& stage, const std::string& name) const {
  const plugin::Metric* metric = find(report, stage, name);
  return metric == nullptr ? 0 : metric->count;
}

double Ran::gauge(const std::string& stage, const std::string& name) const {
  const plugin::Metric* metric = find(report, stage, name);
  return metric == nullptr ? 0 : metric->value;
}

Engine::Engine(const std::string& cache, const std::vector<std::string>& folders) {
  plugin::RegistryConfig config{folders, cache, SAGE_BUILD_DIR "/libexec/sage/sage-plugin-scan"};
  config.folders.emplace_back(SAGE_BUILD_DIR "/plugins");
  registry_ = plugin::Registry::open(std::move(config)).value();
}

Ran Engine::run(const std::string& toml, Options options) {
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
  runtime::JobOptions job_options;
  job_options.batch_records = options.batch_records;
  job_options.cpus = options.cpus;
  const auto job = runtime::Job::create(*plan, *registry_, job_options);
  if (!job) {
    throw std::runtime_error(job.error().message);
  }
  if (const Status status = job.value()->run(); !status) {
    throw std::runtime_error(status.error().message);
  }
  Ran ran;
  ran.report = job.value()->report();
  ran.seconds = ran.report.seconds;
  return ran;
}

}  // namespace sage::test
