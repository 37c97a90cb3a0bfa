#include "app.hpp"
#include "base/text.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"
#include "plugin/descriptor.hpp"
#include "templates.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

struct Wanted {
  std::string folder;
  std::string language = "cpp";
  std::string kind = "map";
};

// The last part of the path.
Result<std::string> id_of(const Wanted& wanted) {
  const fs::path path = fs::path(wanted.folder).lexically_normal();
  const std::string id = (path.has_filename() ? path : path.parent_path()).filename().string();
  if (plugin::is_legal_id(id) && wanted.language == "rust" && id[0] <= '9')
    return Error{ErrorKind::kUsage, "E0812",
                 "`" + id + "` cannot be the name of a package of cargo",
                 "in Rust, begin it with a letter"};
  if (plugin::is_legal_id(id))
    return id;
  return Error{ErrorKind::kUsage, "E0812", "`" + id + "` cannot be the id of a plugin",
               "use a-z, 0-9, _ and -, such as `word-count`"};
}

Status check_template(const std::string& templates, const Wanted& wanted) {
  const std::vector<std::string> kinds = template_kinds(templates, wanted.language);
  if (std::find(kinds.begin(), kinds.end(), wanted.kind) != kinds.end())
    return Ok{};
  std::string list;
  for (const std::string& kind : kinds)
    list += (list.empty() ? "" : ", ") + kind;
  return Error{ErrorKind::kUsage, "E0813",
               "there is no template of a " + wanted.kind + " with --lang " + wanted.language,
               "--lang " + wanted.language + " has " + list + "; --lang cpp has all kinds"};
}

// A second plugin of that id would hide the first one, or be hidden by it.
Status check_free(App& app, const std::string& id) {
  const auto registry = app.open_registry("");
  if (!registry)
    return registry.error();
  for (const schema::PluginInfo& plugin : (*registry)->catalogue().plugins) {
    if (plugin.id == id)
      return Error{ErrorKind::kConflict, "E0706",
                   "plugin `" + id + "` exists already: " + plugin.file,
                   "choose another name, or take that file away"};
  }
  return Ok{};
}

// What is said at the end.
void show(App& app, const std::string& id, const std::string& folder, const Files& files) {
  if (app.format() == Format::kName)
    return app.print(folder + "\n");
  if (!app.is_text()) {
    Json json = json_document();
    json["plugin"] = id;
    json["folder"] = folder;
    json["files"] = Json::array();
    for (const auto& [path, text] : files)
      json["files"].push_back(path);
    return app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
  }
  std::string list;
  for (const auto& [path, text] : files)
    list += (list.empty() ? "" : ", ") + path;
  app.print(folder + ": " + list + "\n");
  if (app.flush())  // before what is said on standard error
    app.note("\nNext:\n  cd " + folder + "\n  make test\n  make run\n");
}

int make_new(App& app, const Wanted& wanted) {
  const auto id = id_of(wanted);
  if (!id)
    return app.fail(id.error());
  const auto sdk = sdk_places();
  if (!sdk)
    return app.fail({ErrorKind::kMissing, "E0814", "the SDK is not installed beside this program",
                     "install it: cmake --install BUILD --component sdk"});
  const std::string templates = sdk->data + "/templates";
  if (const Status known = check_template(templates, wanted); !known)
    return app.fail(known.error());
  if (const Status free = check_free(app, *id); !free)
    return app.fail(free.error());
  const auto files = render(templates, {wanted.language, wanted.kind},
                            {{"NAME", *id},
                             {"SDK", make_text(sdk->sdk)},
                             {"SAGE", make_text(sdk->sage)},
                             {"PLUGINS", make_text(sdk->plugins)}});
  if (!files)
    return app.fail(files.error());
  if (const Status written = write_project(wanted.folder, *files); !written)
    return app.fail(written.error());
  show(app, *id, wanted.folder, *files);
  return kExitOk;
}

}  // namespace

Command plugin_new_command() {
  return {
      "plugin new",
      "PLUGINS",
      "NAME [flags]",
      "Make a folder with a new plugin: one operator, its tests, a pipeline that uses it.",
      "NAME is the folder, and its last part the id of the plugin. What is made builds, passes "
      "its\n"
      "tests and runs as it is, without a network:\n"
      "  make            builds NAME.so, with CMake or cargo\n"
      "  make test       drives the operator, checks the plugin, tests the pipeline\n"
      "  make run        runs the pipeline\n"
      "  make install    copies NAME.so to where this `sage` finds it in every pipeline\n"
      "\n"
      "Templates\n"
      "  --lang cpp      map filter flatmap keyed source sink partitioner\n"
      "  --lang c        map filter source sink\n"
      "  --lang rust     map filter flatmap\n"
      "\n"
      "Examples\n"
      "  sage plugin new shout\n"
      "  sage plugin new ~/src/visits --kind keyed\n"
      "  sage plugin new letters --lang rust --kind flatmap\n"
      "\n"
      "Exit codes: 0 made, 2 no such template or a bad name, 4 the SDK is not installed, 7 the\n"
      "folder or a plugin of that id exists already, 74 it cannot be written\n",
      [](Flags& flags) -> Action {
        const auto wanted = std::make_shared<Wanted>();
        flags.argument("NAME", wanted->folder, "a folder that does not exist yet");
        flags.choice("--lang", {"cpp", "c", "rust"}, wanted->language, "the language (cpp)");
        flags.choice("--kind",
                     {"map", "filter", "flatmap", "keyed", "source", "sink", "partitioner"},
                     wanted->kind, "what the operator is (map)");
        return [wanted](App& app) { return make_new(app, *wanted); };
      }};
}

}  // namespace sage::cli
