#include "operator_schema.hpp"

#include "spec/toml_reader.hpp"

#include <sage/plugin.h>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

Json value_json(const spec::Value& value);

struct ToJson {
  Json operator()(const spec::List& list) const {
    Json json = Json::array();
    for (const spec::Value& item : list)
      json.push_back(value_json(item));
    return json;
  }
  Json operator()(const spec::Table& table) const {
    Json json = Json::object();
    for (const spec::Member& member : table)
      json[member.key.value] = value_json(member.value);
    return json;
  }
  template <class Scalar>
  Json operator()(const Scalar& scalar) const {
    return scalar;
  }
};

Json value_json(const spec::Value& value) { return std::visit(ToJson{}, value.data); }

// Text with ${...} may stand for every type.
Json or_interpolated(Json schema) {
  return {{"anyOf", {std::move(schema), {{"type", "string"}, {"pattern", "\\$\\{"}}}}};
}

void add_limits(Json& json, const schema::OptionInfo& option) {
  if ((option.flags & SAGE_OPT_MIN) != 0)
    json["minimum"] = option.minimum;
  if ((option.flags & SAGE_OPT_MAX) != 0)
    json["maximum"] = option.maximum;
}

Json scalar_schema(const schema::OptionInfo& option) {
  switch (option.type) {
    case SAGE_OPT_BOOL:
      return or_interpolated({{"type", "boolean"}});
    case SAGE_OPT_INT: {
      Json json{{"type", "integer"}};
      add_limits(json, option);
      return or_interpolated(std::move(json));
    }
    case SAGE_OPT_FLOAT: {
      Json json{{"type", "number"}};
      add_limits(json, option);
      return or_interpolated(std::move(json));
    }
    case SAGE_OPT_BYTES:
      return {{"type", {"string", "integer"}}, {"examples", {"64MB", "64MiB"}}};
    case SAGE_OPT_DURATION:
      return {{"type", "string"}, {"examples", {"10s", "500ms"}}};
    case SAGE_OPT_ANY:
      return Json::object();
    default:
      break;
  }
  if (option.allowed.empty())
    return {{"type", "string"}};
  return or_interpolated({{"enum", option.allowed}});
}

Json option_schema(const schema::OptionInfo& option) {
  Json json = scalar_schema(option);
  if ((option.flags & SAGE_OPT_LIST) != 0)
    json = {{"type", "array"}, {"items", std::move(json)}};
  if ((option.flags & SAGE_OPT_TABLE) != 0)
    json = {{"type", "object"}, {"additionalProperties", std::move(json)}};
  if (!option.help.empty())
    json["description"] = option.help;
  if (const auto value = spec::read_toml_value(option.default_value))
    json["default"] = value_json(*value);
  return json;
}

}  // namespace

Json options_schema(const schema::OperatorInfo& op) {
  Json json{{"type", "object"}};
  if (!op.summary.empty())
    json["description"] = op.summary;
  json["properties"] = Json::object();
  Json required = Json::array();
  for (const schema::OptionInfo& option : op.options) {
    json["properties"][option.name] = option_schema(option);
    if ((option.flags & SAGE_OPT_REQUIRED) != 0)
      required.push_back(option.name);
  }
  if (!required.empty())
    json["required"] = std::move(required);
  json["additionalProperties"] = false;
  return json;
}

Json operator_document(const schema::PluginInfo& plugin, const schema::OperatorInfo& op) {
  Json json{{"$schema", "http://json-schema.org/draft-07/schema#"},
            {"title", plugin.id + "/" + op.id}};
  json.update(options_schema(op));
  return json;
}

}  // namespace sage::cli
