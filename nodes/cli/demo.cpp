#include "commands.hpp"
#include "demo_pipelines.hpp"
#include "exit_code.hpp"
#include "job_runner.hpp"
#include "paths.hpp"
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

// Where the demo writes, and the environment that its pipeline sees.
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

void say_next(App& app, const Demo& demo, const Folder& folder) {
  std::string text = "\nThe result is in " + folder.out() + ", ";
  if (demo.name == "sessions")
    text += "what was rejected in " + folder.rejected() + ",\n";
  text += "the pipeline in " + folder.pipeline() + "\n\nNext:\n";
  text += "  sage graph " + folder.pipeline() + "\n";
  text += "  sage test " + folder.pipeline() + "\n";
  text += "  sage run " + folder.pipeline() + " --set out.with.path=result/";
  text += demo.name == "wordcount" ? " -P count=2\n" : " -P sessions=2\n";
  app.note(text.substr(0, text.size() - 1));
}

int run_demo(App& app, const Demo& demo) {
  const Folder folder{make_temp_folder("sage-demo-" + std::string(demo.name))};
  if (folder.path.empty())
    return app.fail({ErrorKind::kIo, "E0705", "no folder for temporary files could be made",
                     "name one with a free place in TMPDIR"});
  std::ofstream(folder.pipeline()) << demo.text;
  app.note(std::string(demo.about) + "\n" + essence(demo.text));
  spec::ParseOptions options;
  options.environment = [&folder](const std::string& name) { return folder.variable(name); };
  const Loaded loaded = app.load_shown(folder.pipeline(), std::move(options));
  if (!loaded.plan)
    return exit_code(loaded.findings);
  const RunOutcome outcome = run_job(app, {loaded, {}, std::nullopt});
  if (!app.is_text()) {
    const Json json = report_json(outcome.report);
    app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
    return outcome.code;
  }
  if (outcome.code != kExitOk)
    return outcome.code;
  const std::string field(demo.ranked_by);
  app.note("\nThe rows with the highest `" + field + "`:");
  for (const std::string& row : top_rows(folder.out(), field))
    app.print(row + "\n");
  const Status flushed = app.flush();  // before what is said on standard error
  say_next(app, demo, folder);
  return flushed ? kExitOk : kExitIo;
}

int demo(App& app, const std::string& name) {
  const Demo wordcount{"wordcount", kWordcountPipeline, kAboutWordcount, "n"};
  const Demo sessions{"sessions", kSessionsPipeline, kAboutSessions, "clicks"};
  return run_demo(app, name == "sessions" ? sessions : wordcount);
}

}  // namespace

Command demo_command() {
  return {"demo",
          "START",
          "[wordcount|sessions]",
          "Run a small pipeline on this machine and show what it does.",
          "Everything is written below a fresh folder for temporary files.\n"
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
