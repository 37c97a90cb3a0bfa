#include "app.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "plan/graph_text.hpp"

#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

struct Options {
  std::string file;
  bool dot = false;
  bool mermaid = false;
  bool toml = false;
};

Json schema_json(const schema::SchemaPtr& schema) {
  Json fields = Json::array();
  for (const FieldSpec& field : schema->fields())
    fields.push_back({{"name", field.name}, {"type", type_name(field.type)}});
  return fields;
}

Json graph_json(const plan::Plan& plan) {
  Json json = json_document();
  json["name"] = plan.name;
  json["key_groups"] = plan.key_groups;
  json["stages"] = Json::array();
  for (const plan::Stage& stage : plan.stages) {
    Json one{{"id", stage.id},
             {"use", stage.op.use.text()},
             {"kind", schema::kind_name(stage.op.info->kind)},
             {"parallelism", stage.parallelism},
             {"chain", stage.chain},
             {"bounded", stage.bounded}};
    one["outputs"] = Json::array();
    for (const schema::SchemaPtr& schema : stage.outputs)
      one["outputs"].push_back(schema_json(schema));
    json["stages"].push_back(std::move(one));
  }
  json["edges"] = Json::array();
  for (const plan::Edge& edge : plan.edges) {
    json["edges"].push_back(
        {{"from", plan.stages[edge.from].id},
         {"port", edge.port == kErrorPort ? Json(kErrorPortName) : Json(edge.port)},
         {"to", plan.stages[edge.to].id},
         {"input", edge.input},
         {"kind", plan::edge_name(edge.kind)},
         {"fused", edge.fused},
         {"channels", plan::channel_count(plan, edge)}});
  }
  return json;
}

void print(App& app, const Options& options, const plan::Plan& plan) {
  if (options.dot)
    return app.print(plan::graph_dot(plan));
  if (options.mermaid)
    return app.print(plan::graph_mermaid(plan));
  if (options.toml)
    return app.print(plan::graph_toml(plan));
  switch (app.format()) {
    case Format::kText:
      return app.print(plan::graph_text(plan));
    case Format::kJson:
      return app.print(pretty(graph_json(plan)));
    case Format::kJsonl:
      return app.print(compact(graph_json(plan)));
    case Format::kName:
      for (const plan::Stage& stage : plan.stages)
        app.print(stage.id + "\n");
  }
}

int graph(App& app, const Options& options) {
  if (options.dot + options.mermaid + options.toml > 1) {
    return app.fail({ErrorKind::kUsage, "E0805", "--dot, --mermaid and --toml exclude each other",
                     "leave all but one of them out"});
  }
  const Loaded loaded = app.load_shown(options.file);
  if (!loaded.plan)
    return exit_code(loaded.findings);
  print(app, options, *loaded.plan);
  return kExitOk;
}

}  // namespace

Command graph_command() {
  return {
      "graph",
      "AUTHOR",
      "FILE.toml|APP.so [--dot|--mermaid|--toml]",
      "Show how a pipeline runs: its stages, what is fused, and how records are spread.",
      "Examples\n"
      "  sage graph wordcount.toml\n"
      "  sage graph wordcount.toml --dot | dot -Tsvg > wordcount.svg\n"
      "  sage graph wordcount.toml --toml               the file with every default written out\n"
      "  sage graph ./libapp.so --toml                  the pipeline that a program describes\n"
      "\n"
      "Exit codes: 0 ok, 74 the file cannot be read, 78 the pipeline is wrong\n",
      [](Flags& flags) -> Action {
        const auto options = std::make_shared<Options>();
        flags.argument("FILE", options->file, "the pipeline, or the library of a program (.so)");
        flags.flag("--dot", options->dot, "for Graphviz");
        flags.flag("--mermaid", options->mermaid, "for Markdown that shows Mermaid");
        flags.flag("--toml", options->toml, "as a pipeline file");
        return [options](App& app) { return graph(app, *options); };
      }};
}

}  // namespace sage::cli
