#include "plan/keys.hpp"

#include "plan/finding.hpp"

#include <sage/plugin.h>

#include <optional>
#include <string>

namespace sage::plan {
namespace {

class KeyFinder {
 public:
  KeyFinder(const PlanContext& context, const spec::Stage& spec, const ResolvedStage& resolved)
      : context_(context), spec_(spec), resolved_(resolved) {}

  std::vector<std::vector<std::uint32_t>> find() {
    std::vector<std::vector<std::uint32_t>> keys;
    for (std::size_t input = 0; input < resolved_.inputs.size(); ++input) {
      keys.emplace_back();
      for (const spec::Located<std::string>& key : spec_.key_by) {
        const std::optional<std::uint32_t> field = find_field(input, key);
        if (field)
          keys.back().push_back(*field);
      }
    }
    return keys;
  }

 private:
  std::optional<std::uint32_t> find_field(std::size_t index,
                                          const spec::Located<std::string>& key) {
    const schema::Schema& input = *resolved_.inputs[index];
    const std::optional<std::uint32_t> field = input.find(key.value);
    if (!field) {
      context_.report(
          "E0212",
          "`key_by` names " + quoted(key.value) + ", which is no field of the input" + which(index),
          choices(key.value, input.names()), key.place);
      return std::nullopt;
    }
    const Type type = input.fields()[*field].type;
    if (is_list(type)) {
      context_.report(
          "E0213",
          quoted(key.value) + " is a " + std::string(type_name(type)) + " and cannot be a key",
          "choose a field with a single value", key.place);
      return std::nullopt;
    }
    check_type(key, type);
    return field;
  }

  // Records of two inputs meet by their key bytes, so the types must be equal.
  void check_type(const spec::Located<std::string>& key, Type type) {
    const schema::Schema& first = *resolved_.inputs[0];
    const std::optional<std::uint32_t> field = first.find(key.value);
    if (!field || first.fields()[*field].type == type)
      return;
    context_.report("E0212",
                    "the key " + quoted(key.value) + " is " +
                        std::string(type_name(first.fields()[*field].type)) + " in one input and " +
                        std::string(type_name(type)) + " in another",
                    "`record/map` can convert one of them", key.place);
  }

  // " 2", where there are several.
  std::string which(std::size_t index) const {
    return resolved_.inputs.size() == 1 ? "" : " " + std::to_string(index + 1);
  }

  const PlanContext& context_;
  const spec::Stage& spec_;
  const ResolvedStage& resolved_;
};

}  // namespace

void check_key_rules(const PlanContext& context, std::uint32_t stage) {
  const spec::Stage& spec = context.stage(stage);
  const schema::OperatorInfo& info = *context.operators[stage];
  if (is_source(info))
    return;  // the graph has found these
  if (!spec.key_by.empty() && spec.partition) {
    context.report("E0214", quoted(spec.id.value) + " has both `key_by` and `partition`",
                   "`key_by` already says where a record goes; remove one of them",
                   spec.partition->place);
  }
  if (spec.key_by.empty() && (info.traits & SAGE_TRAIT_NEEDS_KEY) != 0) {
    context.report("E0218", quoted(spec.use.plugin + "/" + spec.use.op) + " needs `key_by`",
                   "name the fields that records are put together by", spec.id.place);
  }
}

std::vector<std::vector<std::uint32_t>> find_keys(const PlanContext& context, std::uint32_t stage,
                                                  const ResolvedStage& resolved) {
  return KeyFinder(context, context.stage(stage), resolved).find();
}

}  // namespace sage::plan
