#include "app.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"

#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

Json plugin_json(const schema::PluginInfo& plugin) {
  Json json;
  json["id"] = plugin.id;
  json["version"] = plugin.version;
  json["file"] = plugin.file;
  json["summary"] = plugin.summary;
  json["operators"] = Json::array();
  for (const schema::OperatorInfo& op : plugin.operators) {
    json["operators"].push_back(
        {{"id", op.id}, {"kind", schema::kind_name(op.kind)}, {"summary", op.summary}});
  }
  return json;
}

void print_json(App& app, const schema::Catalogue& catalogue) {
  Json json = json_document();
  json["plugins"] = Json::array();
  for (const schema::PluginInfo& plugin : catalogue.plugins)
    json["plugins"].push_back(plugin_json(plugin));
  json["refused"] = Json::array();
  for (const schema::Refusal& refusal : catalogue.refused) {
    json["refused"].push_back(
        {{"file", refusal.file}, {"code", public_code(refusal.code)}, {"reason", refusal.reason}});
  }
  app.print(pretty(json));
}

void print_text(App& app, const schema::Catalogue& catalogue) {
  std::size_t width = 0;
  for (const schema::PluginInfo& plugin : catalogue.plugins) {
    for (const schema::OperatorInfo& op : plugin.operators)
      width = std::max(width, plugin.id.size() + 1 + op.id.size());
  }
  for (const schema::PluginInfo& plugin : catalogue.plugins) {
    app.print(app.bold(plugin.id + " " + plugin.version) + "  " + plugin.summary + "\n");
    for (const schema::OperatorInfo& op : plugin.operators) {
      std::string name = plugin.id + "/" + op.id;
      name.resize(width, ' ');
      std::string kind(schema::kind_name(op.kind));
      kind.resize(std::max<std::size_t>(kind.size(), 11), ' ');
      app.print("  " + name + "  " + kind + "  " + op.summary + "\n");
    }
  }
  for (const schema::Refusal& refusal : catalogue.refused) {
    app.warn("not used: " + refusal.file + ": " + refusal.reason + " (" +
             public_code(refusal.code) + ")");
  }
  if (!catalogue.plugins.empty())
    return app.note("`sage plugin inspect PLUGIN/OPERATOR` tells more about one");
  app.warn("no plugins found; searched:");
  for (const std::string& folder : plugin_folders(app.plugin_flags(), ""))
    app.terminal().say("  " + folder + "\n");
}

int list(App& app) {
  const auto registry = app.open_registry("");
  if (!registry)
    return app.fail(registry.error());
  const schema::Catalogue& catalogue = (*registry)->catalogue();
  switch (app.format()) {
    case Format::kText:
      print_text(app, catalogue);
      break;
    case Format::kJson:
      print_json(app, catalogue);
      break;
    case Format::kJsonl:
      for (const schema::PluginInfo& plugin : catalogue.plugins)
        app.print(compact(plugin_json(plugin)));
      break;
    case Format::kName:
      for (const schema::PluginInfo& plugin : catalogue.plugins) {
        for (const schema::OperatorInfo& op : plugin.operators)
          app.print(plugin.id + "/" + op.id + "\n");
      }
      break;
  }
  return kExitOk;
}

}  // namespace

Command plugin_list_command() {
  return {"plugin list",
          "PLUGINS",
          "",
          "List the plugins there are, their operators, and files that were refused.",
          "Examples\n"
          "  sage plugin list\n"
          "  sage plugin list -o name                       the operators, one a line\n"
          "  sage plugin list --plugins build/plugins\n",
          [](Flags&) -> Action { return list; }};
}

}  // namespace sage::cli
