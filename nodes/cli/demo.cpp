#include "commands.hpp"
#include "demo_folder.hpp"
#include "demo_pipelines.hpp"
#include "exit_code.hpp"
#include "job_runner.hpp"
#include "report_json.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kRowsShown = 5;

struct Demo {
  std::string_view name;
  std::string_view text;
  std::string_view about;
  std::string_view ranked_by;  // field of the result rows
};

constexpr std::string_view kAboutWordcount =
    "Counts the words of the licence texts in /usr/share/common-licenses/ (or of the folder\n"
    "BOOKS): `lines` reads files, `words` splits lines, `count` counts each word, `out` writes\n"
    "files. A pipeline is a text file, and this is all of it:\n";
constexpr std::string_view kAboutSessions =
    "Sums up what 50 made-up users click. One click in a hundred is broken: it becomes a dead\n"
    "letter that says what was wrong, and the job goes on. A pipeline is a text file:\n";

// The stages of a pipeline file, without comments and tests.
std::string essence(std::string_view text) {
  std::string out;
  bool blank = true;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("[[test]]"))
      break;
    if (line.starts_with('#') || (line.empty() && blank))
      continue;
    blank = line.empty();
    out += blank ? "\n" : "  " + std::string(line) + "\n";
  }
  while (out.ends_with("\n\n"))
    out.pop_back();
  return out;
}

// The rows of a folder of part-*.jsonl files with the highest values.
std::vector<std::string> top_rows(const std::string& folder, const std::string& field) {
  std::vector<std::pair<double, std::string>> rows;
  std::error_code failed;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, failed)) {
    std::ifstream file(entry.path());
    for (std::string line; std::getline(file, line);) {
      const Json row = Json::parse(line, nullptr, false);
      if (row.is_object() && row.contains(field) && row[field].is_number())
        rows.emplace_back(row[field].get<double>(), line);
    }
  }
  std::sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second < b.second;
  });
  std::vector<std::string> top;
  for (std::size_t i = 0; i < std::min(rows.size(), kRowsShown); ++i)
    top.push_back(std::move(rows[i].second));
  return top;
}

// The files of the demo, and the environment that its pipeline sees.
struct Folder {
  std::string path;
  std::string out() const { return path + "/result/"; }
  std::string rejected() const { return path + "/rejected/"; }
  std::string pipeline() const { return path + "/pipeline.toml"; }

  std::optional<std::string> variable(const std::string& name) const {
    if (name == "OUT")
      return out();
    if (name == "REJECTED")
      return rejected();
    const char* value = std::getenv(name.c_str());
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  }
};

// The last line says where everything is, however it went.
int finish(App& app, const Demo& demo, const Folder& folder, int code) {
  const bool rejects = demo.name == "sessions";
  if (code == kExitOk && app.is_text()) {
    const std::string file = folder.pipeline();
    app.note("\nNext:\n  sage graph " + file + "\n  sage test " + file + "\n  sage run " + file +
             " --set out.with.path=result/ -P " + (rejects ? "sessions" : "count") + "=2\n");
  }
  app.note("The pipeline and its result/ " + std::string(rejects ? "and rejected/ " : "") +
           "stay in " + folder.path + "/ until the next demo");
  return code;
}

int run_demo(App& app, const Demo& demo) {
  const auto made = DemoFolder::make(std::string(demo.name));
  if (!made)
    return app.fail(made.error());
  const Folder folder{made->path()};
  std::ofstream(folder.pipeline()) << demo.text;
  app.note(std::string(demo.about) + "\n" + essence(demo.text));
  spec::ParseOptions options;
  options.environment = [&folder](const std::string& name) { return folder.variable(name); };
  const Loaded loaded = app.load_shown(folder.pipeline(), std::move(options));
  if (!loaded.plan)
    return finish(app, demo, folder, exit_code(loaded.findings));
  const RunOutcome outcome = run_job(app, {loaded, {}, std::nullopt, std::nullopt});
  if (!app.is_text()) {
    const Json json = report_json(outcome.report);
    app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
  }
  if (outcome.code != kExitOk || !app.is_text())
    return finish_run(app, outcome, finish(app, demo, folder, outcome.code));
  const std::string field(demo.ranked_by);
  app.note("\nThe rows with the highest `" + field + "`:");
  for (const std::string& row : top_rows(folder.out(), field))
    app.print(row + "\n");
  const Status flushed = app.flush();  // before what is said on standard error
  return finish(app, demo, folder, flushed ? kExitOk : kExitIo);
}

int demo(App& app, const std::string& name) {
  const Demo wordcount{"wordcount", kWordcountPipeline, kAboutWordcount, "n"};
  const Demo sessions{"sessions", kSessionsPipeline, kAboutSessions, "clicks"};
  return run_demo(app, name == "sessions" ? sessions : wordcount);
}

}  // namespace

Command demo_command() {
  return {
      "demo",
      "START",
      "[wordcount|sessions]",
      "Run a small pipeline on this machine and show what it does.",
      "Everything is written to a folder among the temporary files, where it stays to be looked\n"
      "at; the next demo of that name removes it.\n"
      "\n"
      "Examples\n"
      "  sage demo                                      count words\n"
      "  sage demo sessions                             errors that do not stop a job\n"
      "\n"
      "Exit codes: as `sage run`\n",
      [](Flags& flags) -> Action {
        const auto name = std::make_shared<std::string>("wordcount");
        flags.optional_choice("DEMO", {"wordcount", "sessions"}, *name,
                              "wordcount (default) or sessions");
        return [name](App& app) { return demo(app, *name); };
      }};
}

}  // namespace sage::cli
