#include "app.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"
#include "plugin/examine.hpp"
#include "plugin_text.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

Json port_json(const schema::PortInfo& port) {
  Json fields = Json::array();
  for (const FieldSpec& field : port.fields)
    fields.push_back({{"name", field.name}, {"type", type_name(field.type)}});
  return {{"name", port.name}, {"fields", std::move(fields)}};
}

Json option_json(const schema::OptionInfo& option) {
  Json json;
  json["name"] = option.name;
  json["type"] = option_type(option);
  json["required"] = (option.flags & SAGE_OPT_REQUIRED) != 0;
  json["secret"] = (option.flags & SAGE_OPT_SECRET) != 0;
  json["default"] = option.default_value.empty() ? Json() : Json(option.default_value);
  json["allowed"] = option.allowed;
  json["minimum"] = (option.flags & SAGE_OPT_MIN) != 0 ? Json(option.minimum) : Json();
  json["maximum"] = (option.flags & SAGE_OPT_MAX) != 0 ? Json(option.maximum) : Json();
  json["help"] = option.help;
  return json;
}

Json operator_json(const schema::OperatorInfo& op) {
  Json json{{"id", op.id}, {"kind", schema::kind_name(op.kind)}, {"summary", op.summary}};
  json["needs_key"] = (op.traits & SAGE_TRAIT_NEEDS_KEY) != 0;
  json["may_block"] = (op.traits & SAGE_TRAIT_MAY_BLOCK) != 0;
  json["inputs"] = Json::array();
  for (const schema::PortInfo& port : op.inputs)
    json["inputs"].push_back(port_json(port));
  json["outputs"] = Json::array();
  for (const schema::PortInfo& port : op.outputs)
    json["outputs"].push_back(port_json(port));
  json["options"] = Json::array();
  for (const schema::OptionInfo& option : op.options)
    json["options"].push_back(option_json(option));
  json["doc"] = op.doc;
  return json;
}

// `only`: this operator, empty: all.
void print_json(App& app, const schema::PluginInfo& plugin, const std::string& only) {
  Json json = json_document();
  json["id"] = plugin.id;
  json["version"] = plugin.version;
  json["summary"] = plugin.summary;
  json["vendor"] = plugin.vendor;
  json["license"] = plugin.license;
  json["url"] = plugin.url;
  json["file"] = plugin.file;
  json["digest"] = plugin.digest;
  json["operators"] = Json::array();
  for (const schema::OperatorInfo& op : plugin.operators) {
    if (only.empty() || op.id == only)
      json["operators"].push_back(operator_json(op));
  }
  app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
}

void print_operator(App& app, const schema::PluginInfo& plugin, const schema::OperatorInfo& op) {
  app.print(app.bold(plugin.id + "/" + op.id) + "  " + std::string(schema::kind_name(op.kind)) +
            "\n  " + op.summary + "\n");
  std::string in;
  for (const schema::PortInfo& port : op.inputs)
    in += (in.empty() ? "" : ", ") + port_text(port);
  std::string out;
  for (const schema::PortInfo& port : op.outputs) {
    const bool depends = port.fields.empty();
    out += (out.empty() ? "" : ", ") + (depends ? "depends on input and options" : port_text(port));
  }
  if (!in.empty())
    app.print("  takes  " + in + "\n");
  if (!out.empty())
    app.print("  gives  " + out + "\n");
  if ((op.traits & SAGE_TRAIT_NEEDS_KEY) != 0)
    app.print("  needs key_by\n");
  for (const schema::OptionInfo& option : op.options) {
    const std::string rules = option_rules(option);
    app.print("  " + app.bold(option.name) + "  " + option_type(option) +
              (rules.empty() ? "" : " (" + rules + ")") + "\n");
    if (!option.help.empty())
      app.print("      " + option.help + "\n");
  }
}

void print_text(App& app, const schema::PluginInfo& plugin, const std::string& only) {
  if (only.empty()) {
    app.print(app.bold(plugin.id + " " + plugin.version) + "  " + plugin.summary + "\n");
    app.print("  file    " + plugin.file + "\n  sha256  " + plugin.digest + "\n");
    if (!plugin.vendor.empty())
      app.print("  vendor  " + plugin.vendor + "\n");
    if (!plugin.license.empty())
      app.print("  licence " + plugin.license + "\n");
    if (!plugin.url.empty())
      app.print("  url     " + plugin.url + "\n");
  }
  for (const schema::OperatorInfo& op : plugin.operators) {
    if (!only.empty() && op.id != only)
      continue;
    app.print(only.empty() ? "\n" : "");
    print_operator(app, plugin, op);
    if (!only.empty() && !op.doc.empty())
      app.print("\n" + op.doc + "\n");
  }
}

void print(App& app, const schema::PluginInfo& plugin, const std::string& only) {
  if (app.format() == Format::kName) {
    for (const schema::OperatorInfo& op : plugin.operators) {
      if (only.empty() || op.id == only)
        app.print(plugin.id + "/" + op.id + "\n");
    }
  } else if (app.is_text()) {
    print_text(app, plugin, only);
  } else {
    print_json(app, plugin, only);
  }
}

// "io", "io@1.2", "io/file", "io@1.2/file"
struct Name {
  std::string plugin;
  std::string version;
  std::string op;
};

Name parse_name(const std::string& text) {
  Name name;
  const std::size_t slash = std::min(text.find('/'), text.size());
  name.plugin = text.substr(0, slash);
  name.op = text.substr(std::min(slash + 1, text.size()));
  if (const std::size_t at = name.plugin.find('@'); at != std::string::npos) {
    name.version = name.plugin.substr(at + 1);
    name.plugin.resize(at);
  }
  return name;
}

int inspect_file(App& app, const std::string& file) {
  const auto plugin = plugin::examine(file, registry_config(app.plugin_flags(), ""));
  if (!plugin)
    return app.fail(plugin.error());
  print(app, *plugin, "");
  return kExitOk;
}

int inspect(App& app, const std::string& what) {
  if (what.ends_with(".so"))
    return inspect_file(app, what);
  const auto registry = app.open_registry("");
  if (!registry)
    return app.fail(registry.error());
  const Name name = parse_name(what);
  auto plugin = (*registry)->choose(name.plugin, name.version);
  if (!plugin) {
    plugin.error().kind = ErrorKind::kMissing;
    return app.fail(plugin.error());
  }
  std::vector<std::string> ops;
  for (const schema::OperatorInfo& op : (*plugin)->operators)
    ops.push_back(op.id);
  if (!name.op.empty() && std::find(ops.begin(), ops.end(), name.op) == ops.end()) {
    return app.fail({ErrorKind::kMissing, "E0302",
                     "the plugin `" + name.plugin + "` has no operator `" + name.op + "`",
                     suggest(name.op, ops)});
  }
  print(app, **plugin, name.op);
  return kExitOk;
}

}  // namespace

Command plugin_inspect_command() {
  return {"plugin inspect",
          "PLUGINS",
          "PLUGIN[/OPERATOR]|FILE.so",
          "Show a plugin or an operator: inputs, outputs, options with types and defaults.",
          "Examples\n"
          "  sage plugin inspect io\n"
          "  sage plugin inspect agg/count\n"
          "  sage plugin inspect ./libmine.so -o json\n"
          "\n"
          "Exit codes: 0 ok, 4 there is no such plugin or operator, 74 the file cannot be read,\n"
          "78 the file is no plugin (`sage plugin why FILE.so` tells more)\n",
          [](Flags& flags) -> Action {
            const auto what = std::make_shared<std::string>();
            flags.argument("PLUGIN", *what, "an id, an operator, or a file ending in .so");
            return [what](App& app) { return inspect(app, *what); };
          }};
}

}  // namespace sage::cli
