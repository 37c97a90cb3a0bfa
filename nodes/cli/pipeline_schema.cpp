#include "pipeline_schema.hpp"

#include "operator_schema.hpp"

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

// Everything that does not depend on the operators. Kept beside spec/stage.cpp and
// spec/sections.cpp, which say what is really accepted.
constexpr const char* kFrame = R"json({
  "$schema": "http://json-schema.org/draft-07/schema#",
  "title": "SAGE pipeline",
  "type": "object",
  "required": ["sage", "stage"],
  "additionalProperties": false,
  "properties": {
    "sage": { "const": 1, "description": "version of the file format" },
    "pipeline": {
      "type": "object",
      "additionalProperties": false,
      "properties": {
        "name": { "$ref": "#/definitions/name" },
        "parallelism": { "$ref": "#/definitions/count", "description": "default for stages" },
        "max_parallelism": {
          "anyOf": [{ "type": "integer", "minimum": 1, "maximum": 32768 },
                    { "$ref": "#/definitions/interpolated" }],
          "default": 128,
          "description": "number of key groups, fixed for the life of the state"
        },
        "checkpoint": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "every": { "$ref": "#/definitions/duration" },
            "mode": { "enum": ["exactly_once", "at_least_once"] },
            "dir": { "type": "string" },
            "keep": { "$ref": "#/definitions/count" },
            "timeout": { "$ref": "#/definitions/duration" }
          }
        },
        "restart": {
          "type": "object",
          "additionalProperties": false,
          "required": ["strategy"],
          "properties": {
            "strategy": { "enum": ["none", "fixed", "exponential"] },
            "initial": { "$ref": "#/definitions/duration" },
            "max": { "$ref": "#/definitions/duration" },
            "multiplier": { "type": "number", "minimum": 1 },
            "attempts": { "type": "integer", "minimum": 0 }
          }
        },
        "placement": { "enum": ["spread", "pack"] }
      }
    },
    "cluster": {
      "type": "object",
      "additionalProperties": false,
      "description": "used by clusters only",
      "properties": {
        "address": { "type": "string" },
        "num_cpus": { "type": "number", "minimum": 0 },
        "num_gpus": { "type": "integer", "minimum": 0 }
      }
    },
    "stage": {
      "type": "array",
      "minItems": 1,
      "items": { "$ref": "#/definitions/stage" }
    },
    "test": {
      "type": "array",
      "items": {
        "type": "object",
        "required": ["name", "at", "given", "want"],
        "additionalProperties": false,
        "properties": {
          "name": { "type": "string" },
          "at": {
            "anyOf": [{ "type": "string" },
                      { "type": "array", "items": { "type": "string" },
                        "minItems": 1, "maxItems": 2 }],
            "description": "first and last stage of a path; sources and sinks are not opened"
          },
          "given": { "type": "array", "items": { "type": "object" } },
          "want": { "type": "array", "items": { "type": "object" } }
        }
      }
    }
  },
  "definitions": {
    "name": { "type": "string", "pattern": "^[a-z0-9][a-z0-9_-]{0,62}$|\\$\\{" },
    "interpolated": { "type": "string", "pattern": "\\$\\{" },
    "duration": { "type": "string", "examples": ["10s", "1m30s", "500ms"] },
    "count": {
      "anyOf": [{ "type": "integer", "minimum": 1 }, { "$ref": "#/definitions/interpolated" }]
    },
    "names": {
      "anyOf": [{ "type": "string" },
                { "type": "array", "items": { "type": "string" }, "minItems": 1 }]
    },
    "stage": {
      "type": "object",
      "required": ["id", "use"],
      "additionalProperties": false,
      "properties": {
        "id": { "$ref": "#/definitions/name" },
        "use": { "description": "plugin/operator or plugin@version/operator" },
        "with": { "type": "object", "description": "the operator's own options" },
        "from": {
          "$ref": "#/definitions/names",
          "description": "what the stage reads: an id, id.port or a list; default: the stage above"
        },
        "parallelism": { "$ref": "#/definitions/count" },
        "key_by": {
          "$ref": "#/definitions/names",
          "description": "fields; records of one key go to one instance"
        },
        "partition": {
          "anyOf": [
            { "enum": ["forward", "rebalance", "broadcast", "global"] },
            {
              "type": "object",
              "required": ["use"],
              "additionalProperties": false,
              "properties": { "use": { "type": "string" }, "with": { "type": "object" } }
            }
          ]
        },
        "resources": {
          "type": "object",
          "additionalProperties": false,
          "description": "of each instance",
          "properties": {
            "num_cpus": { "type": "number", "minimum": 0 },
            "memory": { "type": ["string", "integer"], "examples": ["512MB", "8GiB"] },
            "num_gpus": { "type": "integer", "minimum": 0 }
          }
        },
        "watermark": {
          "type": "object",
          "required": ["field"],
          "additionalProperties": false,
          "properties": {
            "field": { "type": "string" },
            "lateness": { "$ref": "#/definitions/duration" },
            "idle": { "$ref": "#/definitions/duration" }
          }
        },
        "on_error": {
          "enum": ["fail", "skip", "dead_letter"],
          "default": "fail",
          "description": "what becomes of a record in error; dead letters leave by port id.errors"
        },
        "retry": {
          "description": "for calls that ask to be tried again; without it their records are in error",
          "type": "object",
          "required": ["times"],
          "additionalProperties": false,
          "properties": {
            "times": { "type": "integer", "minimum": 0 },
            "backoff": { "$ref": "#/definitions/duration" },
            "max": { "$ref": "#/definitions/duration" }
          }
        },
        "batch": {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "max": { "type": "integer", "minimum": 1 },
            "linger": { "$ref": "#/definitions/duration" }
          }
        },
        "isolation": { "enum": ["in-process", "process"] }
      }
    }
  }
})json";

// "io/file", with or without a version.
std::string use_pattern(const std::string& plugin, const std::string& op) {
  return "^" + plugin + "(@[0-9]+(\\.[0-9]+)*)?/" + op + "$";
}

}  // namespace

Json pipeline_schema(const schema::Catalogue& catalogue) {
  Json json = Json::parse(kFrame);
  Json names = Json::array();
  Json rules = Json::array();
  for (const schema::PluginInfo& plugin : catalogue.plugins) {
    for (const schema::OperatorInfo& op : plugin.operators) {
      Json name = plugin.id + "/" + op.id;
      bool known = false;  // another version, which `use` names in full
      for (const Json& other : names)
        known = known || other == name;
      if (known)
        continue;
      names.push_back(std::move(name));
      Json options = options_schema(op);
      const bool required = options.contains("required");
      Json then{{"properties", {{"with", std::move(options)}}}};
      if (required)
        then["required"] = {"with"};
      Json condition{{"properties", {{"use", {{"pattern", use_pattern(plugin.id, op.id)}}}}},
                     {"required", {"use"}}};
      rules.push_back({{"if", std::move(condition)}, {"then", std::move(then)}});
    }
  }
  Json& stage = json["definitions"]["stage"];
  Json& use = stage["properties"]["use"];
  use["anyOf"] = Json::array(
      {{{"enum", std::move(names)}}, {{"type", "string"}, {"pattern", "@[0-9.]+/|\\$\\{"}}});
  if (!rules.empty())
    stage["allOf"] = std::move(rules);
  return json;
}

}  // namespace sage::cli
