#include "commands.hpp"
#include "exit_code.hpp"
#include "job_runner.hpp"
#include "report_json.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

constexpr const char* kMore =
    "The job runs in this process until its input ends. Ctrl-C lets it finish what is in flight\n"
    "and commit (exit code 130); a second Ctrl-C stops at once and commits nothing. Sinks commit\n"
    "once, at the end: a job that fails leaves no results.\n"
    "\n"
    "With -o json the final report follows on standard output, behind what an io/console sink\n"
    "printed there; use --report FILE to keep the two apart.\n"
    "\n"
    "LIBRARY.so is what sage_add_pipeline makes of a C++ program.\n"
    "\n"
    "Examples\n"
    "  sage run wordcount.toml\n"
    "  sage run ./libsessions.so -P map=8\n"
    "  sage run wordcount.toml --set lines.with.path=books/ -P words=4\n"
    "  BOOKS=books/ sage run wordcount.toml --report report.json\n"
    "  sage run events.toml --limit 10                a first look at the rows\n"
    "  sage run events.toml --for 10s                 input without an end\n"
    "\n"
    "Exit codes: 0 finished (also with --limit and --for), 1 failed, 74 a file cannot be used,\n"
    "78 the pipeline is wrong, 130 Ctrl-C, 143 SIGTERM\n";

struct Options {
  std::string file;
  std::vector<std::string> sets;
  std::vector<std::string> parallelism;
  std::optional<std::uint64_t> limit;
  std::optional<std::int64_t> for_ns;
  std::optional<std::uint64_t> cpus;
  std::optional<std::uint64_t> batch_records;
  std::optional<std::int64_t> linger_ns;
  std::string report;
};

Error no_report(const std::string& file) {
  return {ErrorKind::kIo, "E0705",
          "the report `" + file + "` cannot be written: " + std::strerror(errno),
          "name another file with --report, or - for standard output"};
}

Status write_report(App& app, const std::string& file, const Json& json) {
  if (file == "-") {
    app.print(pretty(json));
    return Ok{};
  }
  errno = 0;
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << pretty(json);
  out.close();
  return out ? Status(Ok{}) : Status(no_report(file));
}

// Before the job, which may take hours. A process that is killed leaves no empty report.
Status check_report(const std::string& file) {
  if (file.empty() || file == "-")
    return Ok{};
  const bool there = ::access(file.c_str(), F_OK) == 0;
  errno = 0;
  if (!std::ofstream(file, std::ios::binary | std::ios::app))
    return no_report(file);
  if (!there)
    ::unlink(file.c_str());
  return Ok{};
}

// The report goes where it was asked for; returns the exit code.
int deliver(App& app, const Options& options, const RunOutcome& outcome) {
  if (outcome.quiet && options.report.empty())
    return outcome.code;
  const Json json = report_json(outcome.report);
  int code = outcome.code;
  if (!options.report.empty()) {
    const Status written = write_report(app, options.report, json);
    if (!written) {
      const int failed = app.fail(written.error());
      code = code == kExitOk ? failed : code;
    }
  }
  if (options.report != "-" && app.format() == Format::kJson)
    app.print(pretty(json));
  if (options.report != "-" && app.format() == Format::kJsonl)
    app.print(compact(json));
  return code;
}

// A pipeline that lint refuses has a report, too.
RunOutcome refused(const Loaded& loaded) {
  RunOutcome outcome;
  outcome.report.name = loaded.parsed.pipeline.name.value;
  outcome.report.state = runtime::JobState::kFailed;
  outcome.code = exit_code(loaded.findings);
  for (const Error& finding : loaded.findings) {
    if (finding.severity == Severity::kError) {
      outcome.report.error = finding;
      break;
    }
  }
  return outcome;
}

int run(App& app, const Options& options) {
  if (const Status writable = check_report(options.report); !writable)
    return app.fail(writable.error());
  spec::ParseOptions parse;
  parse.sets = options.sets;
  parse.parallelism = options.parallelism;
  const Loaded loaded = app.load_shown(options.file, std::move(parse));
  if (!loaded.plan)
    return deliver(app, options, refused(loaded));
  RunRequest request{loaded, {}, options.for_ns, std::nullopt};
  if (options.cpus)
    request.cpus = static_cast<std::uint32_t>(*options.cpus);
  if (options.batch_records)
    request.options.batch_records = static_cast<std::uint32_t>(*options.batch_records);
  if (options.linger_ns)
    request.options.linger_ns = *options.linger_ns;
  if (options.limit)
    request.options.row_limit = *options.limit;
  const RunOutcome outcome = run_job(app, request);
  return finish_run(app, outcome, deliver(app, options, outcome));
}

}  // namespace

Command run_command() {
  return {"run",
          "START",
          "FILE.toml|LIBRARY.so [FLAGS]",
          "Run a pipeline in this process, until its input ends.",
          kMore,
          [](Flags& flags) -> Action {
            const auto options = std::make_shared<Options>();
            flags.argument("FILE.toml", options->file, "the pipeline");
            flags.texts("--set", "STAGE.KEY=VALUE", options->sets,
                        "change the file: lines.with.path=books/, pipeline.parallelism=4");
            flags.texts("-P", "STAGE=N", options->parallelism, "number of instances of a stage");
            flags.number("--limit", {}, options->limit, "end after N rows at the sinks");
            flags.duration("--for", options->for_ns,
                           "stop the sources after this time; the rest is finished");
            flags.number("--cpus", {1, 4096}, options->cpus,
                         "CPUs to use, a thread on each (all that the process may use)");
            flags.number("--batch-records", {1, 65536}, options->batch_records,
                         "records in a batch at most (4096)");
            flags.duration("--linger", options->linger_ns,
                           "a record waits so long at most for its batch to fill up (1ms)");
            flags.text("--report", "FILE", options->report,
                       "write the final report as JSON, also of a job that failed (- = standard "
                       "output)");
            return [options](App& app) { return run(app, *options); };
          }};
}

}  // namespace sage::cli
