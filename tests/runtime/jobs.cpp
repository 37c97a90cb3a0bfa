#include "runtime/jobs.hpp"

#include "folder.hpp"
#include "runtime/operator_resolver.hpp"

namespace sage::runtime {

namespace {

std::string describe(const Diagnostics& findings) {
  std::string text;
  for (const Error& e : findings)
    text += e.code + " " + e.message + "\n";
  return text;
}

// The counts that the report shows.
void check_shown_accounts(const Report& report) {
  CHECK(report.channel_sent == report.channel_received);
  for (const StageReport& stage : report.stages) {
    const InstanceReport& t = stage.total;
    CHECK(t.processed + t.filtered + t.skipped + t.dead_lettered + t.failed == t.records_in);
    if (stage.kind == SAGE_KIND_MAP || stage.kind == SAGE_KIND_FILTER) {
      CHECK(t.records_in - t.filtered - t.skipped - t.dead_lettered == t.records_out);
    }
  }
}

}  // namespace

std::string lines(const Counts& counts) {
  std::string text;
  for (const auto& [name, count] : counts)
    text += std::to_string(count) + " x " + name + "\n";
  return text;
}

plugin::Registry& test_registry() {
  static const test::Folder kCache;
  static const auto kRegistry =
      plugin::Registry::open({{PROBE_FOLDER}, kCache / "", SCANNER}).value();
  return *kRegistry;
}

plan::Plan make_plan(const std::string& stages) {
  const spec::Parsed parsed =
      spec::parse_pipeline("sage = 1\n[pipeline]\nname = \"t\"\n" + stages, "t.toml",
                           {[](const std::string&) { return std::nullopt; }, {}, {}});
  Diagnostics findings = parsed.findings;
  INFO(describe(findings));
  REQUIRE_FALSE(has_errors(findings));
  auto plan = plan::make_plan(parsed.pipeline, make_operator_resolver(test_registry()), findings);
  INFO(describe(findings));
  REQUIRE(plan);
  return std::move(*plan);
}

std::unique_ptr<Prepared> prepare(const std::string& stages, const JobOptions& options) {
  auto prepared = std::make_unique<Prepared>(Prepared{make_plan(stages), nullptr});
  prepared->job = Job::create(prepared->plan, test_registry(), options).value();
  return prepared;
}

Outcome run(const std::string& stages, std::uint32_t batch_records, std::uint32_t cpus) {
  JobOptions options;
  options.cpus = cpus;
  options.batch_records = batch_records;
  const auto prepared = prepare(stages, options);
  const Status status = prepared->job->run();
  Outcome outcome{prepared->job->report(), std::nullopt};
  if (!status)
    outcome.error = status.error();
  if (status)
    check_shown_accounts(outcome.report);
  return outcome;
}

std::string stage(const std::string& id, const std::string& use, const std::string& rest) {
  return "[[stage]]\nid = \"" + id + "\"\nuse = \"" +
         (use.find('/') == std::string::npos ? "probe/" : "") + use + "\"\n" + rest + "\n";
}

std::string numbers(const std::string& id, int count, int parallelism) {
  return stage(id, "numbers",
               "with = { count = " + std::to_string(count) +
                   ", keys = 17 }\nparallelism = " + std::to_string(parallelism));
}

std::string parallel(int n) { return "parallelism = " + std::to_string(n); }

}  // namespace sage::runtime
