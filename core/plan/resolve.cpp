#include "plan/resolve.hpp"

#include "plan/finding.hpp"
#include "plan/inputs.hpp"
#include "plan/keys.hpp"
#include "plan/options.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sage::plan {
namespace {

// Where to point at when the operator as a whole is meant.
const Place& operator_place(const spec::Use& use, const Place& otherwise) {
  return use.place.file.empty() ? otherwise : use.place;
}

std::string owner_of(const spec::Use& use) { return use.plugin + "/" + use.op; }

class StageResolver {
 public:
  explicit StageResolver(const PlanContext& context)
      : context_(context), all_(context.pipeline.stages.size()) {}

  std::vector<ResolvedStage> resolve_all() {
    for (const std::uint32_t stage : context_.graph.order)
      resolve_one(stage);
    return std::move(all_);
  }

 private:
  // What is checked: an operator with options as written, of a stage or of its partitioner.
  struct Subject {
    const spec::Use& use;
    const spec::Table& with;
    const schema::OperatorInfo& info;
    Place place;
  };

  void resolve_one(std::uint32_t index) {
    const spec::Stage& spec = context_.stage(index);
    ResolvedStage& resolved = all_[index];
    const std::size_t before = context_.findings.size();
    const schema::OperatorInfo* info = context_.operators[index];
    resolved.failed = info == nullptr || !gather_inputs(context_, index, all_);
    if (info == nullptr)
      return;
    check_key_rules(context_, index);
    if (!resolved.failed) {
      check_static_inputs(context_, index, resolved);
      resolved.keys = find_keys(context_, index, resolved);
    }
    const Subject subject{spec.use, spec.with, *info,
                          spec.with.empty() ? spec.place : spec.with_place};
    const schema::Schema* input =
        resolved.failed || resolved.inputs.empty() ? nullptr : resolved.inputs[0].get();
    resolved.options = options_of(subject, input);
    resolve_partition(index);
    resolved.failed |= has_new_error(before);
    if (resolved.failed)
      return;
    resolve(index, subject);
    resolved.failed |= has_new_error(before);
  }

  bool has_new_error(std::size_t before) const {
    const auto from = context_.findings.begin() + static_cast<std::ptrdiff_t>(before);
    return std::any_of(from, context_.findings.end(),
                       [](const Error& e) { return e.severity == Severity::kError; });
  }

  schema::OptionTable options_of(const Subject& subject, const schema::Schema* input) {
    const OptionCheck check{subject.with, subject.place, owner_of(subject.use), subject.info,
                            input};
    return check_options(check, context_.findings);
  }

  // The answer of the operator itself; its findings become ours.
  std::optional<schema::Resolution> ask(const Subject& subject, const schema::ResolveQuery& query) {
    const Place& place = operator_place(subject.use, subject.place);
    Result<schema::Resolution> answer = context_.resolver.resolve(subject.use, query);
    if (!answer) {
      Error error = std::move(answer.error());
      if (!error.place)
        error.place = place;
      context_.findings.push_back(std::move(error));
      return std::nullopt;
    }
    for (const schema::ResolveFinding& finding : answer->findings) {
      const bool is_whole = finding.option.empty();
      const std::string about =
          is_whole ? quoted(owner_of(subject.use)) : "option " + quoted(finding.option);
      context_.report("E0407", about + ": " + finding.message, finding.hint,
                      is_whole ? place : option_place(subject.with, finding.option, place));
    }
    if (!answer->findings.empty())
      return std::nullopt;
    return std::move(*answer);
  }

  void resolve(std::uint32_t index, const Subject& subject) {
    ResolvedStage& resolved = all_[index];
    schema::ResolveQuery query{&resolved.options, resolved.inputs, {}, resolved.bounded};
    for (const auto& key : context_.stage(index).key_by)
      query.keys.push_back(key.value);
    std::optional<schema::Resolution> answer = ask(subject, query);
    if (!answer)
      return;
    resolved.bounded = resolved.bounded && answer->bounded;
    resolved.max_parallelism = std::max(answer->max_parallelism, 1u);
    resolved.outputs = std::move(answer->outputs);
    fill_outputs(resolved, subject);
  }

  // What the answer left open: the port's own fields, else the schema of input 0.
  void fill_outputs(ResolvedStage& resolved, const Subject& subject) {
    const std::vector<schema::PortInfo>& ports = subject.info.outputs;
    resolved.outputs.resize(ports.size());
    for (std::size_t port = 0; port < ports.size(); ++port) {
      schema::SchemaPtr& output = resolved.outputs[port];
      if (output != nullptr)
        continue;
      if (!ports[port].fields.empty()) {
        auto made = schema::Schema::make(ports[port].fields);
        if (made)
          output = std::move(*made);
      } else if (!resolved.inputs.empty()) {
        output = resolved.inputs[0];
      }
      if (output != nullptr)
        continue;
      context_.report("E0407",
                      quoted(owner_of(subject.use)) + " does not say which fields its output " +
                          quoted(ports[port].name) + " has",
                      "this is a mistake in the plugin",
                      operator_place(subject.use, subject.place));
    }
  }

  void resolve_partition(std::uint32_t index) {
    const std::optional<spec::Partition>& partition = context_.stage(index).partition;
    const bool is_custom = partition && partition->kind == spec::PartitionKind::kCustom;
    if (!is_custom || is_source(*context_.operators[index]))
      return;
    if (!partition->use) {
      context_.report("E0221", "`partition` names no partitioner",
                      "write partition = { use = \"plugin/partitioner\" }", partition->place);
      return;
    }
    const spec::Use& use = *partition->use;
    const Place& place = operator_place(use, partition->place);
    Result<const schema::OperatorInfo*> info = context_.resolver.find(use);
    if (!info) {
      Error error = std::move(info.error());
      if (!error.place)
        error.place = place;
      context_.findings.push_back(std::move(error));
      return;
    }
    if ((*info)->kind != SAGE_KIND_PARTITIONER) {
      context_.report("E0221",
                      quoted(owner_of(use)) + " is no partitioner, it is a " +
                          std::string(schema::kind_name((*info)->kind)),
                      "use it as a stage of its own", place);
      return;
    }
    partition_inputs(index, {use, partition->with, **info, partition->place});
  }

  // Streams of one input have one schema, so it is asked once for each input.
  void partition_inputs(std::uint32_t index, const Subject& subject) {
    ResolvedStage& resolved = all_[index];
    if (resolved.failed) {
      options_of(subject, nullptr);
      return;
    }
    for (const schema::SchemaPtr& input : resolved.inputs) {
      const std::size_t before = context_.findings.size();
      OperatorUse use{subject.use, &subject.info, options_of(subject, input.get())};
      if (!subject.info.inputs.empty()) {
        check_fields(context_, subject.info.inputs[0], *input,
                     {owner_of(subject.use), operator_place(subject.use, subject.place)});
      }
      if (has_new_error(before))
        return;
      if (subject.info.has_schema_role) {
        ask(subject, {&use.options, {input}, {}, resolved.bounded});
      }
      resolved.partitioners.push_back(std::move(use));
    }
  }

  const PlanContext& context_;
  std::vector<ResolvedStage> all_;
};

}  // namespace

void PlanContext::report(const char* code, std::string message, std::string hint,
                         const Place& place) const {
  findings.push_back(invalid(code, place, std::move(message), std::move(hint)));
}

Operators find_operators(const spec::Pipeline& pipeline, const OperatorResolver& resolver,
                         Diagnostics& findings) {
  Operators operators(pipeline.stages.size());
  for (std::size_t i = 0; i < operators.size(); ++i) {
    const spec::Use& use = pipeline.stages[i].use;
    const Place& place = operator_place(use, pipeline.stages[i].place);
    Result<const schema::OperatorInfo*> found = resolver.find(use);
    if (!found) {
      Error error = std::move(found.error());
      if (!error.place)
        error.place = place;
      findings.push_back(std::move(error));
      continue;
    }
    const std::uint32_t kind = (*found)->kind;
    if (kind == SAGE_KIND_PARTITIONER) {
      findings.push_back(invalid("E0221", place,
                                 quoted(owner_of(use)) + " is a partitioner, it cannot be a stage",
                                 "name it in the `partition` of the stage that reads the stream"));
    } else if (kind < SAGE_KIND_SOURCE || kind > SAGE_KIND_SINK) {
      findings.push_back(invalid("E0223", place,
                                 quoted(owner_of(use)) + " is of a kind (" + std::to_string(kind) +
                                     ") that cannot be a stage",
                                 "the plugin may need a newer version of the engine"));
    } else {
      operators[i] = *found;
    }
  }
  return operators;
}

std::vector<ResolvedStage> resolve_stages(const PlanContext& context) {
  return StageResolver(context).resolve_all();
}

}  // namespace sage::plan
