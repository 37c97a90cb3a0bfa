// What a test says about an operator's place in a pipeline, and what `resolve` makes of it.
#pragma once

#include "../layout.hpp"
#include "../plugin.hpp"
#include "host.hpp"
#include "options.hpp"

namespace sage::testkit {

struct Setup {
  OptionTable options = {};
  std::vector<std::vector<FieldSpec>> inputs = {};  // by input index
  std::vector<std::string> keys = {};               // key_by
  Place place = {};
  bool open = true;  // false: only created, as a sink whose commit is all that is left to do
};

// The schemas around an operator; errors as "option: message".
struct Plan {
  std::vector<SchemaTable> inputs;
  std::vector<SchemaTable> outputs;
  std::vector<std::string> errors;
  bool unbounded = false;
  std::uint32_t max_parallelism = 0;  // 0: none was set
};

namespace detail {

// What the schema role talks to.
struct Resolution {
  Resolution(const Plan& plan, const Setup& setup) {
    for (const SchemaTable& input : plan.inputs) {
      inputs.push_back(input.get());
    }
    for (const std::string& key : setup.keys) {
      keys.push_back(key.c_str());
    }
    table = {sizeof(sage_resolve),
             setup.place.bounded ? SAGE_RESOLVE_BOUNDED : 0,
             static_cast<std::uint32_t>(inputs.size()),
             static_cast<std::uint32_t>(keys.size()),
             inputs.data(),
             keys.data(),
             set_output,
             set_unbounded,
             set_max_parallelism,
             error,
             this};
  }
  static Resolution& self(sage_resolve* r) { return *static_cast<Resolution*>(r->host_priv); }
  static sage_status set_output(sage_resolve* r, std::uint32_t port, const sage_field* fields,
                                std::uint32_t n) {
    std::vector<FieldSpec>& specs = self(r).outputs[port];
    specs.clear();
    for (std::uint32_t i = 0; i < n; ++i) {
      specs.push_back({fields[i].name, static_cast<Type>(fields[i].type)});
    }
    return SAGE_OK;
  }
  static void set_unbounded(sage_resolve* r) { self(r).unbounded = true; }
  static void set_max_parallelism(sage_resolve* r, std::uint32_t n) { self(r).max = n; }
  static void error(sage_resolve* r, const char* option, const char* message, const char* hint) {
    std::string text = std::string(option) + ": " + message;
    if (hint != nullptr) {
      text += std::string(" (") + hint + ")";
    }
    self(r).errors.push_back(text);
  }

  sage_resolve table{};
  std::vector<const sage_schema*> inputs;
  std::vector<const char*> keys;
  std::map<std::uint32_t, std::vector<FieldSpec>> outputs;
  std::vector<std::string> errors;
  bool unbounded = false;
  std::uint32_t max = 0;
};

inline std::vector<FieldSpec> static_output(const sage_operator& op, const Setup& setup,
                                            std::uint32_t port) {
  std::vector<FieldSpec> specs;
  const sage_port& declared = *op.outputs[port];
  for (std::uint32_t i = 0; i < declared.n_fields; ++i) {
    specs.push_back({declared.fields[i].name, static_cast<Type>(declared.fields[i].type)});
  }
  return specs.empty() && !setup.inputs.empty() ? setup.inputs[0] : specs;
}

}  // namespace detail

// Asks the operator's schema role, or takes its declared ports.
inline Plan resolve(const sage_operator& op, const Options& options, const Setup& setup) {
  Plan plan;
  for (const std::vector<FieldSpec>& input : setup.inputs) {
    plan.inputs.emplace_back(input);
  }
  detail::Resolution resolution(plan, setup);
  const auto* role = static_cast<const sage_role_schema*>(op.get_role(&op, SAGE_ROLE_SCHEMA));
  if (role != nullptr) {
    const sage_status status = role->resolve(&op, options.table(), &resolution.table);
    if (status < 0 && resolution.errors.empty()) {
      resolution.errors.push_back("resolve failed without a reason");
    }
  }
  for (std::uint32_t port = 0; port < op.n_outputs; ++port) {
    const auto found = resolution.outputs.find(port);
    plan.outputs.emplace_back(
        found != resolution.outputs.end() ? found->second : detail::static_output(op, setup, port));
  }
  plan.errors = resolution.errors;
  plan.unbounded = resolution.unbounded;
  plan.max_parallelism = resolution.max;
  return plan;
}

// Only that: what `sage lint` would say about this operator in this place.
inline Plan lint(OperatorSpec spec, const Setup& setup) {
  const OperatorTable table(std::move(spec));
  const Options options(*table.get(), setup.options);
  return resolve(*table.get(), options, setup);
}

}  // namespace sage::testkit
