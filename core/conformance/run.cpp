#include "conformance/run.hpp"

#include "base/text.hpp"
#include "conformance/checks.hpp"
#include "conformance/options.hpp"
#include "plugin/child.hpp"

#include <algorithm>

namespace sage::conformance {
namespace {

std::string seconds_text(int ms) {
  return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

class Run {
 public:
  Run(const schema::PluginInfo& plugin, const RunConfig& config)
      : plugin_(plugin), config_(config) {}

  Result<Outcome> check(const std::string& op, const Check& check) const {
    std::vector<std::string> command = {config_.tester, config_.library, std::string(check.name),
                                        op};
    for (const std::string& text : config_.with) {
      if (text.starts_with(op + "."))
        command.push_back(text);
    }
    const std::string again = "to repeat it: gdb --args " + shell_line(command);
    SAGE_TRY(const plugin::ChildEnd end, plugin::run_child(std::move(command), config_.timeout_ms));
    const Told told = read_report(end.output);
    const std::string at = told.step.empty() ? "" : ", at: " + told.step;
    if (end.kind == plugin::ChildEnd::Kind::kTimedOut)
      return failed("did not end within " + seconds_text(config_.timeout_ms) + at, again);
    if (end.kind == plugin::ChildEnd::Kind::kTooMuch)
      return failed("wrote into the report of the check" + at, again);
    if (end.status != 0 || !told.outcome)
      return failed("ended its process " + plugin::status_text(end.status) + at, again);
    Outcome outcome = *told.outcome;
    if (outcome.state == State::kFailed && outcome.hint.empty())
      outcome.hint = again;
    return outcome;
  }

 private:
  static std::string shell_line(const std::vector<std::string>& words) {
    std::string line;
    for (const std::string& word : words) {
      const bool plain =
          !word.empty() && word.find_first_of(" \t\n'\"\\$`*?[]{}()<>|&;~#!") == std::string::npos;
      line += (line.empty() ? "" : " ") + (plain ? word : in_quotes(word));
    }
    return line;
  }
  // A quote in it ends the quoted text, stands escaped, and begins it again.
  static std::string in_quotes(const std::string& word) {
    std::string text = "'";
    for (const char c : word)
      text += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return text + "'";
  }

  const schema::PluginInfo& plugin_;
  const RunConfig& config_;
};

// Where one check has not passed, those that build on it say no more.
Outcome not_run(const Outcome& before, std::string_view which) {
  return before.state == State::kSkipped
             ? skipped(before.reason)
             : skipped("`" + std::string(which) + "` has failed", "correct that first");
}

}  // namespace

Status check_with(const schema::PluginInfo& plugin, const std::vector<std::string>& with) {
  for (const std::string& text : with) {
    SAGE_TRY(const Given given, parse_given(text));
    const auto misuse = [&](const std::string& what, const std::string& word,
                            const std::vector<std::string>& known) {
      return Error{ErrorKind::kUsage, "E0804", "--with " + text + ": " + what,
                   suggest(word, known)};
    };
    std::vector<std::string> ops;
    std::vector<std::string> options;
    for (const schema::OperatorInfo& op : plugin.operators) {
      ops.push_back(op.id);
      for (const schema::OptionInfo& option : op.options) {
        if (op.id == given.op)
          options.push_back(option.name);
      }
    }
    if (std::find(ops.begin(), ops.end(), given.op) == ops.end())
      return misuse("`" + plugin.id + "` has no operator `" + given.op + "`", given.op, ops);
    if (std::find(options.begin(), options.end(), given.key) == options.end())
      return misuse("`" + given.op + "` has no option `" + given.key + "`", given.key, options);
    SAGE_CHECK(with_table({given}, given.op));
  }
  return Ok{};
}

Status run_checks(const schema::PluginInfo& plugin, const RunConfig& config,
                  const std::function<void(const Finding&)>& found) {
  const Run run(plugin, config);
  SAGE_TRY(const Outcome load, run.check("", load_check()));
  found({"", load_check().name, load});
  for (const schema::OperatorInfo& op : plugin.operators) {
    Outcome create = passed();
    for (const Check& check : operator_checks()) {
      if (!applies(check, op))
        continue;
      Outcome outcome = passed();
      if (load.state != State::kPassed) {
        outcome = not_run(load, load_check().name);
      } else if (needs_instance(check) && create.state != State::kPassed) {
        outcome = not_run(create, "create");
      } else {
        SAGE_TRY(outcome, run.check(op.id, check));
      }
      if (check.name == "create")
        create = outcome;
      found({op.id, check.name, outcome});
    }
  }
  return Ok{};
}

}  // namespace sage::conformance
