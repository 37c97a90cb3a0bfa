#include "app.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "operator_schema.hpp"
#include "pipeline_schema.hpp"

#include <algorithm>
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

constexpr const char* kMore =
    "`sage schema pipeline` gives editors what they need to complete and check pipeline files:\n"
    "save it and begin the file with  #:schema ./pipeline.schema.json\n"
    "\n"
    "Examples\n"
    "  sage schema pipeline > pipeline.schema.json\n"
    "  sage schema agg/count                          the options of an operator\n"
    "  sage schema wordcount.toml --stage words       the fields that come out of a stage\n"
    "  sage schema wordcount.toml --stage words --capnp\n"
    "  sage schema wordcount.toml --stage words.errors\n"
    "\n"
    "Exit codes: 0 ok, 4 there is no such operator or stage, 74 the file cannot be read, 78 the\n"
    "pipeline is wrong\n";

struct Options {
  std::string what;
  std::string stage;
  bool capnp = false;
};

void print_document(App& app, const Json& json) {
  app.print(app.format() == Format::kJsonl ? compact(json) : pretty(json));
}

int show_operator(App& app, const plugin::Registry& registry, const std::string& what) {
  const std::size_t slash = what.find('/');
  std::string plugin = what.substr(0, slash);
  std::string version;
  if (const std::size_t at = plugin.find('@'); at != std::string::npos) {
    version = plugin.substr(at + 1);
    plugin.resize(at);
  }
  const auto op = registry.find(plugin, version, what.substr(slash + 1));
  if (!op) {
    Error error = op.error();
    error.kind = ErrorKind::kMissing;
    return app.fail(error);
  }
  for (const schema::PluginInfo& info : registry.catalogue().plugins) {
    if (info.id != plugin)
      continue;
    print_document(app, operator_document(info, **op));
    return kExitOk;
  }
  return kExitInternal;
}

// The stages of the file by which a stream may be asked for: "words", "words.errors".
struct Stream {
  std::string name;
  schema::SchemaPtr schema;
};

std::vector<Stream> streams_of(const plan::Plan& plan) {
  std::vector<Stream> streams;
  for (const plan::Stage& stage : plan.stages) {
    const std::vector<schema::PortInfo>& ports = stage.op.info->outputs;
    for (std::size_t port = 0; port < stage.outputs.size(); ++port) {
      if (port == 0)
        streams.push_back({stage.id, stage.outputs[0]});
      if (port < ports.size() && (port > 0 || stage.outputs.size() > 1))
        streams.push_back({stage.id + "." + ports[port].name, stage.outputs[port]});
    }
    if (stage.on_error == OnError::kDeadLetter)
      streams.push_back({stage.id + ".errors", plan::error_schema()});
  }
  return streams;
}

// "words.errors" -> "WordsErrors"
std::string struct_name(const std::string& stream) {
  std::string name;
  bool upper = true;
  for (const char c : stream) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter)
      name += static_cast<char>(upper && c >= 'a' ? c - 'a' + 'A' : c);
    upper = !letter;
  }
  return name.empty() || name[0] <= '9' ? "Stage" + name : name;
}

Json stream_json(const Stream& stream) {
  Json fields = Json::array();
  for (const FieldSpec& field : stream.schema->fields())
    fields.push_back({{"name", field.name}, {"type", type_name(field.type)}});
  char id[24];
  std::snprintf(id, sizeof id, "%016llx", static_cast<unsigned long long>(stream.schema->id()));
  return {{"stage", stream.name}, {"schema_id", id}, {"fields", std::move(fields)}};
}

void print_stream(App& app, const Stream& stream, const Options& options) {
  if (options.capnp)
    return app.print(stream.schema->capnp_text(struct_name(stream.name)));
  switch (app.format()) {
    case Format::kText:
      for (const FieldSpec& field : stream.schema->fields())
        app.print(field.name + ": " + std::string(type_name(field.type)) + "\n");
      return;
    case Format::kName:
      for (const FieldSpec& field : stream.schema->fields())
        app.print(field.name + "\n");
      return;
    default:
      Json json = json_document();
      json.update(stream_json(stream));
      print_document(app, json);
  }
}

int no_such_stream(App& app, const plan::Plan& plan, const std::string& name,
                   const std::vector<Stream>& streams) {
  for (const plan::Stage& stage : plan.stages) {
    if (stage.id == name && stage.outputs.empty()) {
      return app.fail({ErrorKind::kMissing, "E0808",
                       "`" + name + "` is a sink: nothing comes out of it",
                       "name the stage that it reads"});
    }
  }
  std::vector<std::string> names;
  for (const Stream& stream : streams)
    names.push_back(stream.name);
  return app.fail({ErrorKind::kMissing, "E0808", "there is no stage `" + name + "` in the file",
                   suggest(name, names)});
}

int show_stage(App& app, const Options& options) {
  const Loaded loaded = app.load_shown(options.what);
  if (!loaded.plan)
    return exit_code(loaded.findings);
  const std::vector<Stream> streams = streams_of(*loaded.plan);
  const auto found = std::find_if(streams.begin(), streams.end(),
                                  [&](const Stream& s) { return s.name == options.stage; });
  if (found == streams.end())
    return no_such_stream(app, *loaded.plan, options.stage, streams);
  print_stream(app, *found, options);
  return kExitOk;
}

int schema(App& app, const Options& options) {
  if (!options.stage.empty())
    return show_stage(app, options);
  if (options.capnp || options.what.ends_with(".toml")) {
    return app.fail({ErrorKind::kUsage, "E0803", "`sage schema FILE` needs `--stage ID`",
                     "name the stage whose output is meant; `sage graph FILE` lists them"});
  }
  if (options.what != "pipeline" && options.what.find('/') == std::string::npos) {
    return app.fail({ErrorKind::kUsage, "E0804",
                     "`" + options.what + "` is neither `pipeline` nor an operator nor a file",
                     "operators are named plugin/operator: `sage plugin list` shows them"});
  }
  const auto registry = app.open_registry("");
  if (!registry)
    return app.fail(registry.error());
  if (options.what != "pipeline")
    return show_operator(app, **registry, options.what);
  print_document(app, pipeline_schema((*registry)->catalogue()));
  return kExitOk;
}

}  // namespace

Command schema_command() {
  return {"schema",
          "AUTHOR",
          "pipeline | PLUGIN/OPERATOR | FILE.toml|APP.so --stage ID [--capnp]",
          "Describe pipeline files, the options of an operator, or the records of a stage.",
          kMore,
          [](Flags& flags) -> Action {
            const auto options = std::make_shared<Options>();
            flags.argument("WHAT", options->what, "pipeline, an operator, or a pipeline file");
            flags.text("--stage", "ID", options->stage,
                       "the fields that come out of this stage (ID.errors: its dead letters)");
            flags.flag("--capnp", options->capnp, "as a Cap'n Proto struct");
            return [options](App& app) { return schema(app, *options); };
          }};
}

}  // namespace sage::cli
