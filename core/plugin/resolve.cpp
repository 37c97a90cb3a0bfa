#include "plugin/resolve.hpp"

#include "plugin/config_view.hpp"
#include "plugin/operator_table.hpp"

#include <sage/error.hpp>

#include <algorithm>

namespace sage::plugin {
namespace {

constexpr std::uint32_t kFieldsMax = 4096;

schema::Resolution& of(sage_resolve* resolve) {
  return *static_cast<schema::Resolution*>(resolve->host_priv);
}

void find_fault(schema::Resolution& answer, std::string message) {
  answer.findings.push_back({"", std::move(message), ""});
}

sage_status set_output(sage_resolve* resolve, std::uint32_t port, const sage_field* fields,
                       std::uint32_t n) {
  schema::Resolution& answer = of(resolve);
  if (port >= answer.outputs.size() || n > kFieldsMax || (n > 0 && fields == nullptr)) {
    return SAGE_E_ARG;
  }
  std::vector<FieldSpec> specs;
  for (std::uint32_t i = 0; i < n; ++i) {
    specs.push_back(
        {std::string(text_or_empty(fields[i].name)), static_cast<Type>(fields[i].type)});
  }
  auto schema = schema::Schema::make(std::move(specs));
  if (!schema) {
    find_fault(answer, "the operator's output: " + schema.error().message);
    return SAGE_E_ARG;
  }
  answer.outputs[port] = std::move(*schema);
  return SAGE_OK;
}

void add_error(sage_resolve* resolve, const char* option, const char* message, const char* hint) {
  of(resolve).findings.push_back({std::string(text_or_empty(option)),
                                  std::string(text_or_empty(message)),
                                  std::string(text_or_empty(hint))});
}

void ask_role(const OperatorTable& table, const schema::ResolveQuery& query,
              schema::Resolution& answer) {
  std::vector<const sage_schema*> inputs;
  for (const schema::SchemaPtr& input : query.inputs) {
    inputs.push_back(&input->c_table());
  }
  std::vector<const char*> keys;
  for (const std::string& key : query.keys) {
    keys.push_back(key.c_str());
  }
  sage_resolve c{};
  c.struct_size = sizeof c;
  c.flags = query.bounded ? SAGE_RESOLVE_BOUNDED : 0;
  c.n_inputs = static_cast<std::uint32_t>(inputs.size());
  c.n_keys = static_cast<std::uint32_t>(keys.size());
  c.inputs = inputs.data();
  c.keys = keys.data();
  c.set_output = set_output;
  c.set_unbounded = [](sage_resolve* r) { of(r).bounded = false; };
  c.set_max_parallelism = [](sage_resolve* r, std::uint32_t n) {
    of(r).max_parallelism = std::max(n, 1u);
  };
  c.error = add_error;
  c.host_priv = &answer;

  const sage_config config = config_view(query.options);
  std::string error;
  const sage_status status =
      guarded(error, [&] { return table.schema.resolve(table.theirs, &config, &c); });
  if (status != SAGE_OK && answer.findings.empty()) {
    find_fault(answer, !error.empty() ? error
                                      : "the operator's schema role ended with status " +
                                            std::to_string(status) + " (" +
                                            std::string(status_name(status)) + ")");
  }
}

}  // namespace

schema::Resolution resolve(const LoadedOperator& op, const schema::ResolveQuery& query) {
  SAGE_ASSERT(op.op != nullptr);
  const OperatorTable table = operator_table(op.op);
  schema::Resolution answer;
  answer.bounded = query.bounded;
  answer.outputs.resize(table.op.n_outputs);
  if (table.schema.resolve != nullptr) {
    ask_role(table, query, answer);
  }
  return answer;
}

}  // namespace sage::plugin
