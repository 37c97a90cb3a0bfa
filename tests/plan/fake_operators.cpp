#include "fake_operators.hpp"

#include <sage/plugin.h>

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

using schema::Resolution;
using schema::ResolveQuery;

const std::vector<FieldSpec> kLine = {{"line", Type::kText}};
const std::vector<FieldSpec> kRow = {
    {"line", Type::kText}, {"n", Type::kInt64}, {"tags", Type::kListText}};

// Key fields and count; without keys it cannot be divided.
Resolution resolve_count(const ResolveQuery& query) {
  Resolution answer;
  std::vector<FieldSpec> out;
  for (const std::string& key : query.keys) {
    out.push_back(query.inputs[0]->fields()[*query.inputs[0]->find(key)]);
  }
  out.push_back({"count", Type::kInt64});
  answer.outputs = {fields(out)};
  if (query.keys.empty())
    answer.max_parallelism = 1;
  return answer;
}

}  // namespace

schema::SchemaPtr fields(std::vector<FieldSpec> specs) {
  return schema::Schema::make(std::move(specs)).value();
}

FakeOperators::FakeOperators() {
  add_sources();
  add_operators();
  add_resolvers();
}

schema::OperatorInfo& FakeOperators::add(const std::string& name, std::uint32_t kind) {
  schema::OperatorInfo& info = operators_["t/" + name];
  info.id = name;
  info.kind = kind;
  if (kind != SAGE_KIND_SOURCE)
    info.inputs = {{"in", {}}};
  if (kind != SAGE_KIND_SINK)
    info.outputs = {{"out", {}}};
  return info;
}

void FakeOperators::add_sources() {
  add("src", SAGE_KIND_SOURCE).outputs[0].fields = kLine;
  add("rows", SAGE_KIND_SOURCE).outputs[0].fields = kRow;
  add("live", SAGE_KIND_SOURCE).outputs[0].fields = kLine;
  add("one", SAGE_KIND_SOURCE).outputs[0].fields = kLine;
  add("vague", SAGE_KIND_SOURCE);
}

void FakeOperators::add_operators() {
  add("map", SAGE_KIND_MAP);
  schema::OperatorInfo& words = add("words", SAGE_KIND_FLATMAP);
  words.inputs[0].fields = kLine;
  words.outputs[0].fields = {{"word", Type::kText}};
  add("count", SAGE_KIND_KEYED);
  add("keyed", SAGE_KIND_KEYED).traits = SAGE_TRAIT_NEEDS_KEY;
  add("join", SAGE_KIND_KEYED).inputs = {{"left", {}}, {"right", {}}};
  add("branch", SAGE_KIND_MAP).outputs = {{"even", {}}, {"odd", {}}};
  add("slow", SAGE_KIND_MAP).traits = SAGE_TRAIT_MAY_BLOCK;
  add("sink", SAGE_KIND_SINK);
  add("refuse", SAGE_KIND_MAP).options = {
      {.name = "set", .type = SAGE_OPT_EXPRESSION, .flags = SAGE_OPT_TABLE}};
  add("strange", 99);
  schema::OperatorInfo& part = add("part", SAGE_KIND_PARTITIONER);
  part.options = {{.name = "field", .type = SAGE_OPT_FIELD, .flags = SAGE_OPT_REQUIRED}};
  schema::OperatorInfo& slow_part = add("slow_part", SAGE_KIND_PARTITIONER);
  slow_part.options = part.options;
  slow_part.traits = SAGE_TRAIT_MAY_BLOCK;
  add("picky", SAGE_KIND_PARTITIONER).inputs[0].fields = {{"zone", Type::kText}};
}

void FakeOperators::add_resolvers() {
  resolve_with("count", resolve_count);
  resolve_with("live", [](const ResolveQuery&) {
    Resolution answer;
    answer.bounded = false;
    return answer;
  });
  resolve_with("one", [](const ResolveQuery&) {
    Resolution answer;
    answer.max_parallelism = 1;
    return answer;
  });
  resolve_with("refuse", [](const ResolveQuery&) {
    Resolution answer;
    answer.findings = {{"set.long", "`x` is no field", "fields: line"}, {"", "cannot be", ""}};
    return answer;
  });
}

void FakeOperators::resolve_with(const std::string& name, Resolver resolver) {
  resolvers_["t/" + name] = std::move(resolver);
  operators_["t/" + name].has_schema_role = true;
}

OperatorResolver FakeOperators::operators() const {
  OperatorResolver operators;
  operators.find = [this](const spec::Use& use) -> Result<const schema::OperatorInfo*> {
    const auto found = operators_.find(use.plugin + "/" + use.op);
    if (found != operators_.end())
      return &found->second;
    return Error{ErrorKind::kInvalid, "E0302", "no such operator", "", std::nullopt};
  };
  operators.resolve = [this](const spec::Use& use,
                             const ResolveQuery& query) -> Result<Resolution> {
    ++questions_;
    const auto found = resolvers_.find(use.plugin + "/" + use.op);
    return found == resolvers_.end() ? Resolution{} : found->second(query);
  };
  return operators;
}

Planned plan_text(std::string_view text, const FakeOperators& operators) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    return name == "SEVEN" ? std::optional<std::string>("7") : std::nullopt;
  };
  const spec::Parsed parsed = spec::parse_pipeline(text, "p.toml", {environment, {}, {}});
  INFO(messages(parsed.findings));
  REQUIRE_FALSE(has_errors(parsed.findings));
  Planned planned;
  planned.plan = make_plan(parsed.pipeline, operators.operators(), planned.findings);
  INFO(messages(planned.findings));
  REQUIRE(planned.plan.has_value() != has_errors(planned.findings));
  return planned;
}

std::string stage(const std::string& id, const std::string& op, const std::string& more) {
  return "[[stage]]\nid = \"" + id + "\"\nuse = \"t/" + op + "\"\n" + more +
         (more.empty() ? "" : "\n");
}

std::string file(const std::string& stages) { return "sage = 1\n" + stages; }

std::string found(const Diagnostics& findings) {
  std::string out;
  for (const Error& error : findings) {
    if (!out.empty())
      out += ", ";
    out += error.code;
    if (error.place) {
      out += " " + std::to_string(error.place->line) + ":" + std::to_string(error.place->column);
    }
  }
  return out;
}

std::string messages(const Diagnostics& findings) {
  std::string out;
  for (const Error& error : findings) {
    out += error.code + " " + error.message + " [" + error.hint + "]\n";
  }
  return out;
}

std::string edges(const Plan& plan) {
  std::string out;
  for (const Edge& edge : plan.edges) {
    if (!out.empty())
      out += ", ";
    out += plan.stages[edge.from].id + ">" + plan.stages[edge.to].id + " ";
    out += edge_name(edge.kind);
    if (edge.fused)
      out += " fused";
  }
  return out;
}

std::string chains(const Plan& plan) {
  std::string out;
  for (const Chain& chain : plan.chains) {
    if (!out.empty())
      out += " | ";
    std::string names;
    for (const std::uint32_t index : chain.stages) {
      names += (names.empty() ? "" : " ") + plan.stages[index].id;
    }
    out += names;
  }
  return out;
}

}  // namespace sage::plan
