#include "app.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "report_json.hpp"
#include "runtime/pipeline_test.hpp"
#include "spec/render.hpp"

#include <sage/ext/log.h>

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

constexpr std::size_t kRowsShown = 20;

constexpr const char* kMore =
    "A [[test]] gives rows to one stage, or to a path of stages (`at`), and says which rows must\n"
    "come out. Sources and sinks are not opened, so nothing outside is needed or touched. The\n"
    "order of rows does not matter.\n"
    "\n"
    "  [[test]]\n"
    "  name  = \"counts words\"\n"
    "  at    = [\"words\", \"count\"]\n"
    "  given = [{ line = \"a b a\" }]\n"
    "  want  = [{ word = \"a\", n = 2 }, { word = \"b\", n = 1 }]\n"
    "\n"
    "Examples\n"
    "  sage test wordcount.toml\n"
    "  sage test wordcount.toml -o name               the tests that failed\n"
    "\n"
    "Exit codes: 0 all passed, or there are none; 1 a test failed; 74 the file cannot be read;\n"
    "78 the pipeline is wrong, or the path or rows of a test do not fit it; nothing was run then\n";

std::string rows_text(const std::string& title, const std::vector<std::string>& rows) {
  std::string out = "  " + title + (rows.empty() ? " nothing\n" : "\n");
  for (std::size_t i = 0; i < rows.size() && i < kRowsShown; ++i)
    out += "    " + rows[i] + "\n";
  if (rows.size() > kRowsShown)
    out += "    ... and " + std::to_string(rows.size() - kRowsShown) + " more\n";
  return out;
}

std::string place_text(const Place& place) {
  return place.file + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

// What kept the test from passing, nothing: it passed.
std::optional<Error> error_of(const runtime::TestOutcome& test) {
  if (test.passed || test.error)
    return test.error;
  return Error{ErrorKind::kFailed, "E0610", "the rows that came out are not those wanted",
               "compare `missing` and `unexpected`", test.place};
}

void print_text(App& app, const runtime::TestOutcome& test, const Loaded& loaded) {
  app.print((test.passed ? "pass  " : "FAIL  ") + test.name + "\n");
  if (test.passed)
    return;
  if (test.error) {
    app.print(spec::render(*test.error, loaded.parsed.pipeline.file, loaded.parsed.lines, {}));
    if (!test.error->record.empty())
      app.print("  = record: " + test.error->record + "\n");
    return;
  }
  app.print("  at " + place_text(test.place) + " (SAGE-E0610)\n" + rows_text("given", test.given) +
            rows_text("missing", test.missing) + rows_text("not wanted", test.unexpected) +
            rows_text("got, all in all:", test.got));
}

Json test_json(const runtime::TestOutcome& test) {
  return {{"name", test.name},
          {"passed", test.passed},
          {"line", test.place.line},
          {"error", error_json(error_of(test))},
          {"given", test.given},
          {"want", test.want},
          {"got", test.got},
          {"missing", test.missing},
          {"unexpected", test.unexpected}};
}

runtime::TestOptions options_for(App& app) {
  runtime::TestOptions options;
  options.log_level = app.verbosity() > 0 ? SAGE_LOG_INFO : SAGE_LOG_WARNING;
  options.log = [&app](std::uint32_t, std::string_view stage, std::uint32_t,
                       std::string_view message) {
    app.warn(std::string(stage) + ": " + std::string(message));
  };
  return options;
}

void print(App& app, const runtime::TestOutcome& test, const Loaded& loaded) {
  if (app.is_text())
    print_text(app, test, loaded);
  else if (app.format() == Format::kJsonl)
    app.print(compact(test_json(test)));
  else if (app.format() == Format::kName && !test.passed)
    app.print(test.name + "\n");
}

int test(App& app, const std::string& file) {
  const Loaded loaded = app.load_with_tests(file);
  app.show(loaded.findings, file, loaded.parsed.lines);
  if (has_errors(loaded.findings))
    return exit_code(loaded.findings);
  const std::vector<spec::Test>& tests = loaded.parsed.pipeline.tests;
  Json json = json_document();
  json["tests"] = Json::array();
  std::size_t failed = 0;
  for (const spec::Test& one : tests) {
    const runtime::TestOutcome outcome =
        runtime::run_test(*loaded.plan, *loaded.registry, one, options_for(app));
    failed += outcome.passed ? 0 : 1;
    print(app, outcome, loaded);
    json["tests"].push_back(test_json(outcome));
  }
  json["passed"] = tests.size() - failed;
  json["failed"] = failed;
  if (app.format() == Format::kJson)
    app.print(pretty(json));
  const Status flushed = app.flush();
  if (tests.empty())
    app.warn(file + " has no [[test]]");
  else
    app.note(std::to_string(tests.size() - failed) + " passed, " + std::to_string(failed) +
             " failed");
  if (!flushed)
    return app.fail(flushed.error());
  return failed == 0 ? kExitOk : kExitFailed;
}

}  // namespace

Command test_command() {
  return {"test",
          "AUTHOR",
          "FILE.toml",
          "Run the [[test]]s of a pipeline file.",
          kMore,
          [](Flags& flags) -> Action {
            const auto file = std::make_shared<std::string>();
            flags.argument("FILE.toml", *file, "the pipeline");
            return [file](App& app) { return test(app, *file); };
          }};
}

}  // namespace sage::cli
