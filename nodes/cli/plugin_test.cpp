#include "app.hpp"
#include "commands.hpp"
#include "conformance/checks.hpp"
#include "conformance/run.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"
#include "plugin/examine.hpp"
#include "plugin/file_store.hpp"
#include "spec/render.hpp"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

using conformance::Finding;
using conformance::State;

constexpr std::int64_t kNsInMs = 1'000'000;

struct Wanted {
  std::string file;
  std::vector<std::string> with;
  std::optional<std::int64_t> timeout_ns;
};

struct Tally {
  std::size_t passed = 0;
  std::size_t failed = 0;
  std::size_t skipped = 0;
  std::size_t& of(State state) {
    return state == State::kPassed ? passed : state == State::kFailed ? failed : skipped;
  }
};

Json finding_json(const Finding& finding) {
  Json json;
  json["operator"] = finding.op.empty() ? Json() : Json(finding.op);
  json["check"] = finding.check;
  json["state"] = conformance::state_name(finding.outcome.state);
  json["reason"] = finding.outcome.reason;
  return json;
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(width, text.size()), ' ');
  return text;
}

std::size_t name_width(const schema::PluginInfo& plugin) {
  std::size_t width = plugin.id.size();
  for (const schema::OperatorInfo& op : plugin.operators)
    width = std::max(width, plugin.id.size() + 1 + op.id.size());
  return width;
}

std::string full_name(const schema::PluginInfo& plugin, const Finding& finding) {
  return finding.op.empty() ? plugin.id : plugin.id + "/" + finding.op;
}

void print_text(App& app, const schema::PluginInfo& plugin, const Finding& finding) {
  const conformance::Outcome& outcome = finding.outcome;
  const std::string word = outcome.state == State::kPassed   ? "ok     "
                           : outcome.state == State::kFailed ? app.bold("FAILED ")
                                                             : "skipped";
  std::string line = word + "  " + padded(full_name(plugin, finding), name_width(plugin)) + "  ";
  if (outcome.reason.empty()) {
    app.print(line + std::string(finding.check) + "\n");
    return;
  }
  app.print(line + padded(std::string(finding.check), 9) + "  " + spec::visible(outcome.reason) +
            "\n");
  if (!outcome.hint.empty())
    app.print("           " + spec::visible(outcome.hint) + "\n");
}

// As each comes, so that one can watch it.
void print(App& app, const schema::PluginInfo& plugin, const Finding& finding) {
  if (app.is_text()) {
    print_text(app, plugin, finding);
  } else if (app.format() == Format::kJsonl) {
    app.print(compact(finding_json(finding)));
  } else if (app.format() == Format::kName && finding.outcome.state == State::kFailed) {
    app.print(full_name(plugin, finding) + " " + std::string(finding.check) + "\n");
  }
  static_cast<void>(app.flush());
}

std::string summary(const schema::PluginInfo& plugin, const Tally& tally) {
  std::string text = plugin.id + " " + plugin.version + ": " + std::to_string(tally.passed) +
                     " passed, " + std::to_string(tally.failed) + " failed";
  if (tally.skipped > 0)
    text += ", " + std::to_string(tally.skipped) + " skipped";
  return text + "\n";
}

int test(App& app, const Wanted& wanted) {
  const plugin::RegistryConfig registry = registry_config(app.plugin_flags(), "");
  const auto plugin = plugin::examine(wanted.file, registry);
  if (!plugin)
    return app.fail(plugin.error());
  if (const Status good = conformance::check_with(*plugin, wanted.with); !good)
    return app.fail(good.error());
  conformance::RunConfig config;
  config.tester = plugin_tester();
  config.library = plugin::copy_path(registry.cache_dir, plugin->digest);
  config.with = wanted.with;
  if (wanted.timeout_ns)
    config.timeout_ms = static_cast<int>(
        std::clamp<std::int64_t>(*wanted.timeout_ns / kNsInMs, 1, std::int64_t{24} * 3600 * 1000));
  Tally tally;
  Json checks = Json::array();
  const Status ran = conformance::run_checks(*plugin, config, [&](const Finding& finding) {
    ++tally.of(finding.outcome.state);
    checks.push_back(finding_json(finding));
    print(app, *plugin, finding);
  });
  if (!ran)
    return app.fail(ran.error());
  if (app.format() == Format::kJson) {
    Json json = json_document();
    json["file"] = wanted.file;
    json["plugin"] = plugin->id;
    json["checks"] = std::move(checks);
    app.print(pretty(json));
  } else if (app.is_text() && app.wants_summary()) {
    app.print(summary(*plugin, tally));
  }
  return tally.failed == 0 ? kExitOk : kExitFailed;
}

std::string help_text() {
  std::string text =
      "Each check runs in a process of its own, which loads the plugin, calls one operator as an\n"
      "engine does and holds its answers against the rules of the interface. A plugin that "
      "crashes,\n"
      "hangs or ends its process there has failed that check, and the others go on.\n"
      "\n"
      "Checks\n";
  const auto add = [&](const conformance::Check& check) {
    text += "  " + padded(std::string(check.name), 9) + "  " + std::string(check.about) + "\n";
  };
  add(conformance::load_check());
  for (const conformance::Check& check : conformance::operator_checks())
    add(check);
  return text +
         "\n"
         "An input that takes any record is given records with a field of each type, named after\n"
         "it: bool, int64, float64, text, data, timestamp, list_text, list_int64, list_float64,\n"
         "list_float32; and the fields that options name. An operator that needs an option is\n"
         "skipped until --with gives it one. Sources and sinks really read and write then.\n"
         "\n"
         "Examples\n"
         "  sage plugin test ./libmine.so\n"
         "  sage plugin test ./libmine.so -o name          the checks that failed\n"
         "  sage plugin test text.so --with regex.pattern='(?P<word>[a-z]+)'\n"
         "  sage plugin test record.so --with 'filter.where=int64 > 3'\n"
         "  sage plugin test agg.so --with 'reduce.aggregate={ total = \"sum(int64)\" }'\n"
         "\n"
         "Exit codes: 0 all passed or were skipped, 1 a check failed, 74 the file cannot be read,\n"
         "77 everybody may write it, 78 it is no plugin (`sage plugin why FILE.so` tells more)\n";
}

}  // namespace

Command plugin_test_command() {
  return {"plugin test",
          "PLUGINS",
          "FILE.so [flags]",
          "Check that a plugin keeps the rules: records of any size, bad options, no leaks.",
          help_text(),
          [](Flags& flags) -> Action {
            const auto wanted = std::make_shared<Wanted>();
            flags.argument("FILE", wanted->file, "a plugin");
            flags.texts("--with", "OP.OPTION=VALUE", wanted->with,
                        "an option of an operator, as `with` in a pipeline; may be repeated");
            flags.duration("--timeout", wanted->timeout_ns, "the most that a check may take (10s)");
            return [wanted](App& app) { return test(app, *wanted); };
          }};
}

}  // namespace sage::cli
