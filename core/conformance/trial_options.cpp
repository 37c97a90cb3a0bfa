#include "conformance/options.hpp"
#include "conformance/trials.hpp"
#include "plan/options.hpp"
#include "plugin/instance.hpp"
#include "plugin/operator_table.hpp"

namespace sage::conformance {
namespace {

constexpr const char* kNoRole = "sage.role.of_no_engine/1";

Subject with_option(const Subject& subject, const std::string& name, schema::OptionValue value) {
  Subject changed = subject;
  for (schema::OptionMember& member : changed.options) {
    if (member.name == name) {
      member.value = std::move(value);
      return changed;
    }
  }
  changed.options.push_back({name, std::move(value)});
  return changed;
}

// Both may refuse; an engine makes no instance of what the first one has refused.
void resolve_and_create(Subject subject) {
  if (!resolve_outputs(subject))
    return;
  static_cast<void>(plugin::Instance::create(instance_spec(subject)));
}

}  // namespace

Outcome check_description(const plugin::LoadedOperator& loaded) {
  const schema::OperatorInfo& info = *loaded.info;
  const sage_operator op = plugin::normalised(loaded.op);
  if (op.get_role == nullptr || op.get_role(loaded.op, kNoRole) != nullptr)
    return failed("it has an answer to a role that does not exist",
                  "get_role must answer NULL to every id that it does not know");
  for (const char* id : {SAGE_ROLE_SCHEMA, SAGE_ROLE_TRANSFORM, SAGE_ROLE_FILTER,
                         SAGE_ROLE_PARTITION, SAGE_ROLE_SOURCE, SAGE_ROLE_SINK}) {
    if (op.get_role(loaded.op, id) != op.get_role(loaded.op, id))
      return failed("it gives another table of " + std::string(id) + " each time",
                    "the table of a role is constant: make it static");
  }
  if (info.summary.empty())
    return failed("it has no summary", "say in one line what it does: lists show it");
  Diagnostics findings;
  static_cast<void>(plan::check_options({{}, {}, info.id, info, nullptr}, findings));
  for (const Error& finding : findings) {
    if (finding.code != "E0401")  // required ones are not there, of course
      return failed(finding.message, "a default must be a value that the option may have");
  }
  return passed();
}

Outcome try_options(const Trial& trial) {
  for (const schema::OptionInfo& option : trial.subject.op.info->options) {
    for (Odd& odd : odd_values(option)) {
      trial.report.at("option `" + option.name + "` = " + odd.text);
      resolve_and_create(with_option(trial.subject, option.name, std::move(odd.value)));
    }
  }
  return passed();
}

}  // namespace sage::conformance
