#include "plugin_text.hpp"

#include "base/text.hpp"

#include <sage/plugin.h>

namespace sage::cli {
namespace {

std::string scalar_type(std::uint32_t type) {
  switch (type) {
    case SAGE_OPT_BOOL:
      return "bool";
    case SAGE_OPT_INT:
      return "int";
    case SAGE_OPT_FLOAT:
      return "float";
    case SAGE_OPT_TEXT:
      return "text";
    case SAGE_OPT_DURATION:
      return "duration";
    case SAGE_OPT_BYTES:
      return "bytes";
    case SAGE_OPT_PATH:
      return "path";
    case SAGE_OPT_FIELD:
      return "field";
    case SAGE_OPT_EXPRESSION:
      return "expression";
    default:
      return "any";
  }
}

std::string number(double n) {
  std::string text = std::to_string(n);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.')
    text.pop_back();
  return text;
}

void add(std::string& rules, const std::string& rule) {
  rules += (rules.empty() ? "" : ", ") + rule;
}

}  // namespace

std::string option_type(const schema::OptionInfo& option) {
  const std::string type = scalar_type(option.type);
  if ((option.flags & SAGE_OPT_TABLE) != 0)
    return "table of " + type;
  return (option.flags & SAGE_OPT_LIST) != 0 ? "list of " + type : type;
}

std::string option_rules(const schema::OptionInfo& option) {
  std::string rules;
  if ((option.flags & SAGE_OPT_REQUIRED) != 0)
    add(rules, "required");
  if (!option.default_value.empty())
    add(rules, "default " + option.default_value);
  std::string allowed;
  for (const std::string& value : option.allowed)
    allowed += (allowed.empty() ? "one of " : ", ") + value;
  if (!allowed.empty())
    add(rules, allowed);
  if ((option.flags & SAGE_OPT_MIN) != 0)
    add(rules, "at least " + number(option.minimum));
  if ((option.flags & SAGE_OPT_MAX) != 0)
    add(rules, "at most " + number(option.maximum));
  if ((option.flags & SAGE_OPT_SECRET) != 0)
    add(rules, "secret");
  return rules;
}

std::string port_text(const schema::PortInfo& port) {
  if (port.fields.empty())
    return "any";
  std::string text;
  for (const FieldSpec& field : port.fields) {
    text += (text.empty() ? "{" : ", ") + field.name + ": " + std::string(type_name(field.type));
  }
  return text + "}";
}

}  // namespace sage::cli
