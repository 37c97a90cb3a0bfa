#include "app.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"

#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

constexpr const char* kMore =
    "Finds syntax errors, unknown keys and options, wrong types and units, unknown operators and\n"
    "fields, streams that do not fit, outputs that nobody reads, and rows of tests that do not "
    "fit.\n"
    "Nothing is run.\n"
    "\n"
    "Examples\n"
    "  sage lint wordcount.toml\n"
    "  sage lint --deny-warnings jobs/*.toml\n"
    "  sage lint -o json wordcount.toml\n"
    "\n"
    "Exit codes: 0 no errors, 74 a file cannot be read, 78 errors (or warnings that are denied)\n";

struct Options {
  std::vector<std::string> files;
  bool deny_warnings = false;
};

struct FileFindings {
  std::string file;
  Diagnostics findings;
  std::vector<std::string> lines;
};

FileFindings lint_pipeline(App& app, const std::string& file) {
  Loaded loaded = app.load_with_tests(file);
  return {file, std::move(loaded.findings), std::move(loaded.parsed.lines)};
}

struct Count {
  std::size_t errors = 0;
  std::size_t warnings = 0;
};

Count count(const FileFindings& file) {
  Count n;
  for (const Error& finding : file.findings)
    ++(finding.severity == Severity::kError ? n.errors : n.warnings);
  return n;
}

std::string counted(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

void show_text(App& app, const FileFindings& file) {
  app.show(file.findings, file.file, file.lines);
  const Count n = count(file);
  if (n.errors + n.warnings > 0) {
    app.note(file.file + ": " + counted(n.errors, "error") + ", " + counted(n.warnings, "warning"));
  } else {
    app.note(file.file + ": ok");
  }
}

void print_json(App& app, const std::vector<FileFindings>& files) {
  Json json = json_document();
  json["files"] = Json::array();
  for (const FileFindings& file : files) {
    Json findings = Json::array();
    for (const Error& finding : file.findings) {
      findings.push_back(finding_json(finding));
      if (app.format() == Format::kJsonl)
        app.print(compact(findings.back()));
    }
    json["files"].push_back({{"file", file.file}, {"findings", std::move(findings)}});
  }
  if (app.format() == Format::kJson)
    app.print(pretty(json));
}

// An unreadable file weighs more than a wrong one.
int verdict(const std::vector<FileFindings>& files, bool deny_warnings) {
  int code = kExitOk;
  for (const FileFindings& file : files) {
    int one = exit_code(file.findings);
    if (one == kExitOk && deny_warnings && count(file).warnings > 0)
      one = kExitConfig;
    if (code == kExitOk || one == kExitIo)
      code = one;
  }
  return code;
}

int lint(App& app, const Options& options) {
  std::vector<FileFindings> files;
  for (const std::string& file : options.files) {
    files.push_back(lint_pipeline(app, file));
    if (app.is_text())
      show_text(app, files.back());
    if (app.format() == Format::kName && !files.back().findings.empty())
      app.print(file + "\n");
  }
  if (app.format() == Format::kJson || app.format() == Format::kJsonl)
    print_json(app, files);
  const int code = verdict(files, options.deny_warnings);
  if (code == kExitConfig && verdict(files, false) == kExitOk && app.is_text())
    return app.fail({ErrorKind::kInvalid, "E0809", "there are warnings, and they are denied",
                     "repair them, or leave out --deny-warnings"});
  return code;
}

}  // namespace

Command lint_command() {
  return {"lint",
          "AUTHOR",
          "FILE... [--deny-warnings]",
          "Check pipeline files without running them.",
          kMore,
          [](Flags& flags) -> Action {
            const auto options = std::make_shared<Options>();
            flags.arguments("FILE", options->files,
                            "pipelines (.toml), or libraries of programs (.so)");
            flags.flag("--deny-warnings", options->deny_warnings, "warnings count as errors");
            return [options](App& app) { return lint(app, *options); };
          }};
}

}  // namespace sage::cli
