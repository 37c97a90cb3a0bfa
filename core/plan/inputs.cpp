#include "plan/inputs.hpp"

#include "plan/finding.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace sage::plan {
namespace {

std::string stream_name(const PlanContext& context, const Link& link) {
  const std::string& id = context.stage(link.from).id.value;
  return quoted(link.port == kErrorPort ? id + "." + std::string(kErrorPortName) : id);
}

// The first place where two field lists part.
std::string difference(const schema::Schema& a, const schema::Schema& b) {
  const auto show = [](const schema::Schema& schema, std::size_t i) {
    if (i >= schema.fields().size())
      return std::string("nothing");
    const FieldSpec& field = schema.fields()[i];
    return quoted(field.name + ": " + std::string(type_name(field.type)));
  };
  std::size_t i = 0;
  const std::size_t common = std::min(a.fields().size(), b.fields().size());
  while (i < common && a.fields()[i] == b.fields()[i])
    ++i;
  return "field " + std::to_string(i + 1) + " is " + show(a, i) + " in one and " + show(b, i) +
         " in the other";
}

bool unite(const PlanContext& context, const Link& first, const Link& link, const schema::Schema& a,
           const schema::Schema& b) {
  if (schema::same_fields(a, b))
    return true;
  context.report("E0211",
                 "the streams " + stream_name(context, first) + " " + a.text() + " and " +
                     stream_name(context, link) + " " + b.text() + " have different fields",
                 difference(a, b) + "; `record/map` can make them equal", link.place);
  return false;
}

}  // namespace

bool gather_inputs(const PlanContext& context, std::uint32_t stage,
                   std::vector<ResolvedStage>& all) {
  ResolvedStage& resolved = all[stage];
  if (context.graph.broken[stage])
    return false;
  std::vector<const Link*> first;  // per input index
  for (const Link& link : context.graph.inputs[stage]) {
    const ResolvedStage& from = all[link.from];
    if (from.failed)
      return false;
    const schema::SchemaPtr& schema =
        link.port == kErrorPort ? error_schema() : from.outputs[link.port];
    resolved.bounded = resolved.bounded && from.bounded;
    if (link.input == resolved.inputs.size()) {
      resolved.inputs.push_back(schema);
      first.push_back(&link);
    } else if (!unite(context, *first[link.input], link, *resolved.inputs[link.input], *schema)) {
      return false;
    }
  }
  return true;
}

void check_static_inputs(const PlanContext& context, std::uint32_t stage,
                         const ResolvedStage& resolved) {
  const std::vector<schema::PortInfo>& ports = context.operators[stage]->inputs;
  const spec::Stage& spec = context.stage(stage);
  const Reader reader{spec.use.plugin + "/" + spec.use.op,
                      spec.use.place.file.empty() ? spec.place : spec.use.place};
  const std::size_t count = std::min(ports.size(), resolved.inputs.size());
  for (std::size_t i = 0; i < count; ++i) {
    check_fields(context, ports[i], *resolved.inputs[i], reader);
  }
}

void check_fields(const PlanContext& context, const schema::PortInfo& port,
                  const schema::Schema& input, const Reader& reader) {
  for (const FieldSpec& wanted : port.fields) {
    const std::string need = quoted(reader.name) + " needs a field " +
                             quoted(wanted.name + ": " + std::string(type_name(wanted.type)));
    const std::optional<std::uint32_t> at = input.find(wanted.name);
    if (!at) {
      context.report("E0219", need + ", its input is " + input.text(),
                     suggest(wanted.name, input.names()), reader.place);
    } else if (input.fields()[*at].type != wanted.type) {
      context.report(
          "E0219",
          need + ", in its input it is " + std::string(type_name(input.fields()[*at].type)),
          "`record/map` can convert it", reader.place);
    }
  }
}

}  // namespace sage::plan
