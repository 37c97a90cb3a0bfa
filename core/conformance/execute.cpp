#include "conformance/execute.hpp"

#include "conformance/options.hpp"
#include "conformance/trials.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/library.hpp"
#include "plugin/normalise.hpp"

#include <utility>

namespace sage::conformance {
namespace {

constexpr const char* kNoFactory = "sage.factory.of_no_engine/1";

constexpr std::pair<std::string_view, Outcome (*)(const Trial&)> kTrials[] = {
    {"create", try_create},       {"batches", try_batches}, {"values", try_values},
    {"unchanged", try_unchanged}, {"polls", try_polls},     {"finish", try_finish},
    {"interrupt", try_interrupt}, {"rounds", try_rounds},   {"commit", try_commit},
};

Result<std::vector<Given>> parse_all(const std::vector<std::string>& texts) {
  std::vector<Given> all;
  for (const std::string& text : texts) {
    SAGE_TRY(Given given, parse_given(text));
    all.push_back(std::move(given));
  }
  return all;
}

Outcome check_load(const sage_plugin* theirs) {
  const sage_plugin plugin = plugin::normalised(theirs);
  if (plugin.get_factory != nullptr && plugin.get_factory(kNoFactory) != nullptr)
    return failed("it has an answer to a factory that does not exist",
                  "get_factory must answer NULL to every id that it does not know");
  return passed();
}

Outcome run(const Job& job, const plugin::LoadedOperator& op, const Report& report) {
  report.at("the first look");
  if (job.check == "describe")
    return check_description(op);
  auto given = parse_all(job.with);
  if (!given)
    return failed(given.error().message, given.error().hint);
  const auto with = with_table(*given, job.op);
  if (!with)
    return failed(with.error().message, with.error().hint);
  flow::BatchPool pool;
  if (job.check == "options") {
    const Subject subject = unprepared(op, *with);
    return try_options({subject, report, pool});
  }
  report.at("resolve, with options as given or by default");
  const Prepared prepared = prepare(op, *with);
  if (!prepared.subject)
    return prepared.outcome;
  report.at("create");
  for (const auto& [name, trial] : kTrials) {
    if (name == job.check)
      return trial({*prepared.subject, report, pool});
  }
  return failed("there is no check `" + job.check + "`");
}

}  // namespace

Outcome execute(const Job& job, const Report& report) {
  report.at("load");
  const auto plugin = plugin::load_plugin(job.library, job.library);
  if (!plugin)
    return failed(plugin.error().message);
  const auto info = plugin::describe_plugin(*plugin);
  if (!info)
    return failed(info.error().message);
  if (job.op.empty())
    return check_load(*plugin);
  const sage_plugin table = plugin::normalised(*plugin);
  for (std::size_t i = 0; i < info->operators.size(); ++i) {
    if (info->operators[i].id == job.op)
      return run(job, {table.operators[i], &info->operators[i], &*info}, report);
  }
  return failed("there is no operator `" + job.op + "` any more, once the plugin has begun");
}

}  // namespace sage::conformance
