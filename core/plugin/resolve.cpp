#include "plugin/resolve.hpp"

#include "plugin/config_view.hpp"
#include "plugin/descriptor.hpp"
#include "plugin/operator_table.hpp"

#include <sage/error.hpp>

#include <optional>

namespace sage::plugin {
namespace {

constexpr std::uint32_t kFieldsMax = 4096;

// The sage_resolve of one question, and what came of it so far.
struct Question {
  sage_resolve c{};
  Resolution* answer = nullptr;
  std::vector<std::optional<std::vector<FieldSpec>>> outputs;
};

void find_fault(Resolution& answer, std::string message) {
  answer.findings.push_back({"", std::move(message), ""});
}

Question& of(sage_resolve* resolve) { return *static_cast<Question*>(resolve->host_priv); }

sage_status set_output(sage_resolve* resolve, std::uint32_t port, const sage_field* fields,
                       std::uint32_t n) {
  Question& question = of(resolve);
  if (port >= question.outputs.size() || n > kFieldsMax || (n > 0 && fields == nullptr)) {
    return SAGE_E_ARG;
  }
  std::vector<FieldSpec> specs;
  for (std::uint32_t i = 0; i < n; ++i) {
    specs.push_back(
        {std::string(text_or_empty(fields[i].name)), static_cast<Type>(fields[i].type)});
  }
  question.outputs[port] = std::move(specs);
  return SAGE_OK;
}

void add_error(sage_resolve* resolve, const char* option, const char* message, const char* hint) {
  of(resolve).answer->findings.push_back({std::string(text_or_empty(option)),
                                          std::string(text_or_empty(message)),
                                          std::string(text_or_empty(hint))});
}

// Static input ports: every field listed must be there, with its type.
void check_inputs(const schema::OperatorInfo& info, const ResolveQuery& query, Resolution& answer) {
  if (info.inputs.empty()) {
    return;
  }
  for (std::size_t i = 0; i < query.inputs.size(); ++i) {
    const schema::PortInfo& port = info.inputs[std::min(i, info.inputs.size() - 1)];
    for (const FieldSpec& want : port.fields) {
      const auto at = query.inputs[i]->find(want.name);
      if (!at) {
        find_fault(answer, "the input has no field `" + want.name + "`, which the operator needs");
      } else if (query.inputs[i]->fields()[*at].type != want.type) {
        find_fault(answer, "field `" + want.name + "` of the input is " +
                               std::string(type_name(query.inputs[i]->fields()[*at].type)) +
                               "; the operator needs " + std::string(type_name(want.type)));
      }
    }
  }
}

void ask_role(const OperatorTable& table, const ResolveQuery& query, Question& question) {
  std::vector<const sage_schema*> inputs;
  for (const schema::SchemaPtr& input : query.inputs) {
    inputs.push_back(&input->c_table());
  }
  std::vector<const char*> keys;
  for (const std::string& key : query.keys) {
    keys.push_back(key.c_str());
  }
  question.c.struct_size = sizeof question.c;
  question.c.flags = query.bounded ? SAGE_RESOLVE_BOUNDED : 0;
  question.c.n_inputs = static_cast<std::uint32_t>(inputs.size());
  question.c.n_keys = static_cast<std::uint32_t>(keys.size());
  question.c.inputs = inputs.data();
  question.c.keys = keys.data();
  question.c.set_output = set_output;
  question.c.set_unbounded = [](sage_resolve* r) { of(r).answer->bounded = false; };
  question.c.set_max_parallelism = [](sage_resolve* r, std::uint32_t n) {
    of(r).answer->max_parallelism = std::max(n, 1u);
  };
  question.c.error = add_error;
  question.c.host_priv = &question;

  const sage_config config = config_view(query.options);
  std::string error;
  const sage_status status =
      guarded(error, [&] { return table.schema.resolve(table.theirs, &config, &question.c); });
  if (status != SAGE_OK && question.answer->findings.empty()) {
    find_fault(*question.answer, !error.empty() ? error
                                                : "the operator's schema role ended with status " +
                                                      std::to_string(status) + " (" +
                                                      std::string(status_name(status)) + ")");
  }
}

// What the role said, else the port's fields, else the schema of input 0.
void settle_outputs(const schema::OperatorInfo& info, const ResolveQuery& query,
                    Question& question) {
  Resolution& answer = *question.answer;
  for (std::size_t port = 0; port < info.outputs.size(); ++port) {
    const std::vector<FieldSpec>& fixed = info.outputs[port].fields;
    const auto& said = question.outputs[port];
    if (!said && fixed.empty()) {
      if (query.inputs.empty()) {
        find_fault(answer, "the operator does not say which fields it gives");
        return;
      }
      answer.outputs.push_back(query.inputs[0]);
      continue;
    }
    auto schema = schema::Schema::make(said ? *said : fixed);
    if (!schema) {
      find_fault(answer, "the operator's output: " + schema.error().message);
      return;
    }
    answer.outputs.push_back(std::move(*schema));
  }
}

}  // namespace

Resolution resolve(const ResolveQuery& query) {
  SAGE_ASSERT(query.op.op != nullptr);
  Resolution answer;
  answer.bounded = query.bounded;
  auto described = describe_operator(query.op.op);
  if (!described) {
    find_fault(answer, described.error().message);
    return answer;
  }
  Question question;
  question.answer = &answer;
  question.outputs.resize(described->outputs.size());
  check_inputs(*described, query, answer);
  if (described->has_schema_role && answer.findings.empty()) {
    ask_role(operator_table(query.op.op), query, question);
  }
  if (answer.findings.empty()) {
    settle_outputs(*described, query, question);
  }
  return answer;
}

}  // namespace sage::plugin
