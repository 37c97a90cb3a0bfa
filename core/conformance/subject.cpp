#include "conformance/subject.hpp"

#include "conformance/options.hpp"
#include "plan/options.hpp"
#include "plugin/resolve.hpp"

#include <sage/names.hpp>
#include <sage/plugin.h>

#include <algorithm>

namespace sage::conformance {
namespace {

constexpr Type kFirst = Type::kBool;
constexpr Type kLast = Type::kListFloat32;

std::vector<Type> all_types() {
  std::vector<Type> types;
  for (auto type = static_cast<std::uint32_t>(kFirst); type <= static_cast<std::uint32_t>(kLast);
       ++type)
    types.push_back(static_cast<Type>(type));
  // Texts are what most operators want of a field.
  std::stable_partition(types.begin(), types.end(), [](Type t) { return t == Type::kText; });
  return types;
}

bool has(const std::vector<FieldSpec>& fields, const std::string& name) {
  return std::any_of(fields.begin(), fields.end(), [&](const auto& f) { return f.name == name; });
}

// A field of each type, and those that the options name, of type `named`.
schema::SchemaPtr every_type(const std::vector<std::string>& names, Type named) {
  std::vector<FieldSpec> fields;
  for (const Type type : all_types())
    fields.push_back({field_name(type), type});
  for (const std::string& name : names) {
    if (is_field_name(name) && !has(fields, name))
      fields.push_back({name, named});
  }
  auto made = schema::Schema::make(std::move(fields));
  return made ? std::move(*made) : nullptr;  // an option names more fields than there may be
}

std::vector<schema::SchemaPtr> inputs_of(const schema::OperatorInfo& op,
                                         const schema::SchemaPtr& any) {
  std::vector<schema::SchemaPtr> inputs;
  for (const schema::PortInfo& port : op.inputs) {
    auto made =
        port.fields.empty() ? Result<schema::SchemaPtr>(any) : schema::Schema::make(port.fields);
    inputs.push_back(made ? std::move(*made) : nullptr);
  }
  return inputs;
}

std::vector<std::uint32_t> keys_of(const Subject& subject) {
  const schema::OperatorInfo& op = *subject.op.info;
  const bool keyed = op.kind == SAGE_KIND_KEYED || (op.traits & SAGE_TRAIT_NEEDS_KEY) != 0;
  return keyed && !subject.inputs.empty() ? key_fields(*subject.inputs[0])
                                          : std::vector<std::uint32_t>();
}

Error refused(const std::string& reason) { return {ErrorKind::kInvalid, "E0407", reason}; }

Status try_inputs(Subject& subject, const spec::Table& with, const schema::SchemaPtr& any) {
  const schema::OperatorInfo& op = *subject.op.info;
  subject.inputs = inputs_of(op, any);
  if (std::count(subject.inputs.begin(), subject.inputs.end(), nullptr) > 0)
    return refused("there are no records for its inputs");
  Diagnostics findings;
  const schema::Schema* first = subject.inputs.empty() ? nullptr : subject.inputs[0].get();
  subject.options = plan::check_options({with, {}, op.id, op, first}, findings);
  if (has_errors(findings))
    return std::move(findings.front());
  subject.keys = keys_of(subject);
  if (subject.keys.empty() && (op.traits & SAGE_TRAIT_NEEDS_KEY) != 0)
    return refused("it needs a key, and its input has no field that can be one");
  return resolve_outputs(subject);
}

std::string joined(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names)
    text += (text.empty() ? "`" : ", `") + name + "`";
  return text;
}

// An operator that takes every schema may still want a certain field; others have to work.
Outcome not_prepared(const schema::OperatorInfo& op, const spec::Table& with, const Error& error) {
  const bool any = std::any_of(op.inputs.begin(), op.inputs.end(),
                               [](const schema::PortInfo& port) { return port.fields.empty(); });
  const bool of_records = error.code == "E0406" || error.code == "E0407";
  if (!with.empty() || !any || !of_records)
    return failed("it refuses " + std::string(with.empty() ? "its defaults: " : "its options: ") +
                      error.message,
                  "give others with --with " + op.id + ".OPTION=VALUE, or correct the operator");
  return skipped("it refuses the records made for it: " + error.message,
                 "they have a field of each type, named after it (int64, text, list_text); say "
                 "which to use with --with " +
                     op.id + ".OPTION=VALUE");
}

}  // namespace

std::string field_name(Type type) {
  std::string name(type_name(type));
  std::replace(name.begin(), name.end(), '<', '_');
  std::erase(name, '>');
  return name;
}

std::vector<std::uint32_t> key_fields(const schema::Schema& schema) {
  std::vector<std::uint32_t> best;
  const auto fields = schema.fields();
  for (std::uint32_t i = 0; i < fields.size(); ++i) {
    if (fields[i].type == Type::kText)
      return {i};
    if (best.empty() && !is_list(fields[i].type))
      best = {i};
  }
  return best;
}

Status resolve_outputs(Subject& subject) {
  std::vector<std::string> keys;
  for (const std::uint32_t key : subject.keys)
    keys.push_back(subject.inputs[0]->fields()[key].name);
  schema::Resolution answer =
      plugin::resolve(subject.op, {&subject.options, subject.inputs, std::move(keys), true});
  if (!answer.findings.empty()) {
    const schema::ResolveFinding& finding = answer.findings.front();
    return refused((finding.option.empty() ? "" : "option `" + finding.option + "`: ") +
                   finding.message);
  }
  subject.outputs = std::move(answer.outputs);
  const std::vector<schema::PortInfo>& ports = subject.op.info->outputs;
  subject.outputs.resize(ports.size());
  for (std::size_t port = 0; port < ports.size(); ++port) {
    schema::SchemaPtr& output = subject.outputs[port];
    if (output == nullptr && !ports[port].fields.empty()) {
      if (auto made = schema::Schema::make(ports[port].fields))
        output = std::move(*made);
    } else if (output == nullptr && !subject.inputs.empty()) {
      output = subject.inputs[0];
    }
    if (output == nullptr)
      return refused("it does not say which fields its output `" + ports[port].name + "` has");
  }
  return Ok{};
}

Subject unprepared(const plugin::LoadedOperator& op, const spec::Table& with) {
  Subject subject;
  subject.op = op;
  schema::SchemaPtr any = every_type(named_fields(*op.info, with), Type::kText);
  subject.inputs = inputs_of(*op.info, any == nullptr ? every_type({}, Type::kText) : any);
  Diagnostics findings;
  subject.options = plan::check_options({with, {}, op.info->id, *op.info, nullptr}, findings);
  for (const std::string& name : missing_options(*op.info, with)) {
    for (const schema::OptionInfo& option : op.info->options) {
      if (option.name == name)
        subject.options.push_back({name, plain_value(option)});
    }
  }
  subject.keys = keys_of(subject);
  return subject;
}

plugin::InstanceSpec instance_spec(const Subject& subject) {
  plugin::InstanceSpec spec;
  spec.op = subject.op;
  spec.stage = subject.op.info->id;
  spec.inputs = subject.inputs;
  spec.outputs = subject.outputs;
  spec.keys = subject.keys;
  spec.options = &subject.options;
  return spec;
}

Prepared prepare(const plugin::LoadedOperator& op, const spec::Table& with) {
  const std::vector<std::string> missing = missing_options(*op.info, with);
  if (!missing.empty()) {
    return {std::nullopt, skipped("it needs " + joined(missing),
                                  "give it: --with " + op.info->id + "." + missing[0] + "=VALUE")};
  }
  const std::vector<std::string> names = named_fields(*op.info, with);
  std::optional<Error> first;
  for (const Type type : all_types()) {
    Subject subject;
    subject.op = op;
    Status tried = try_inputs(subject, with, every_type(names, type));
    if (tried)
      return {std::move(subject), passed()};
    if (!first)
      first = std::move(tried.error());
    if (names.empty())
      break;
  }
  return {std::nullopt, not_prepared(*op.info, with, *first)};
}

}  // namespace sage::conformance
