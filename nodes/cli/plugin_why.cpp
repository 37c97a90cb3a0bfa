#include "app.hpp"
#include "base/codes.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"
#include "plugin/examine.hpp"
#include "spec/render.hpp"

#include <algorithm>
#include <filesystem>
#include <memory>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

namespace fs = std::filesystem;

// What was found out about a file.
struct Verdict {
  std::optional<schema::PluginInfo> plugin;
  std::optional<Error> refusal;
  std::vector<std::string> notes;  // accepted, but `use` does not lead to it
};

bool same_file(const std::string& a, const std::string& b) {
  std::error_code failed;
  return fs::equivalent(a, b, failed) && !failed;
}

// Whether a pipeline that names the plugin gets this file.
void find_obstacles(App& app, const std::string& file, Verdict& verdict) {
  const std::vector<std::string> folders = plugin_folders(app.plugin_flags(), "");
  const std::string folder = fs::path(file).parent_path().string();
  const std::string here = folder.empty() ? "." : folder;
  if (!file.ends_with(".so"))
    verdict.notes.push_back("its name does not end in .so: in a folder it is passed over");
  const bool searched = std::any_of(folders.begin(), folders.end(),
                                    [&](const std::string& f) { return same_file(f, here); });
  if (!searched) {
    std::string list;
    for (const std::string& f : folders)
      list += (list.empty() ? "" : ", ") + f;
    verdict.notes.push_back("its folder is not searched: use `--plugins " + here +
                            "` or SAGE_PLUGIN_PATH (searched are: " + list + ")");
    return;
  }
  const auto registry = plugin::Registry::open(registry_config(app.plugin_flags(), ""));
  if (!registry)
    return;
  for (const schema::Refusal& refusal : (*registry)->catalogue().refused) {
    if (same_file(refusal.file, file) || same_file(refusal.file, here)) {
      verdict.refusal = Error{ErrorKind::kInvalid, refusal.code, refusal.reason};
      verdict.plugin.reset();
      return;
    }
  }
  const auto meant = (*registry)->choose(verdict.plugin->id, "");
  if (!meant || same_file((*meant)->file, file))
    return;
  const bool same = (*meant)->version == verdict.plugin->version;
  verdict.notes.push_back("hidden by " + (*meant)->file + " (" + (*meant)->version +
                          "), which is found first" +
                          (same ? ""
                                : "; `" + verdict.plugin->id + "@" + verdict.plugin->version +
                                      "/OPERATOR` means this one"));
}

std::string fix_of(const Error& refusal) {
  if (!refusal.hint.empty())
    return refusal.hint;
  const CodeInfo* info = find_code(refusal.code);
  return info == nullptr ? "" : std::string(info->text);
}

void print_json(App& app, const std::string& file, const Verdict& verdict) {
  Json json = json_document();
  json["file"] = file;
  json["accepted"] = verdict.plugin.has_value();
  json["id"] = verdict.plugin ? Json(verdict.plugin->id) : Json();
  json["version"] = verdict.plugin ? Json(verdict.plugin->version) : Json();
  json["reasons"] = Json::array();
  if (verdict.refusal) {
    json["reasons"].push_back({{"code", public_code(verdict.refusal->code)},
                               {"reason", verdict.refusal->message},
                               {"fix", fix_of(*verdict.refusal)}});
  }
  json["notes"] = verdict.notes;
  app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
}

void print_text(App& app, const std::string& file, const Verdict& verdict) {
  const std::string name = spec::visible(file);
  if (verdict.refusal) {
    const std::string& code = verdict.refusal->code;
    app.print(app.bold(name + ": refused (" + public_code(code) + ")") + "\n  why  " +
              spec::visible(verdict.refusal->message) + "\n  fix  " + fix_of(*verdict.refusal) +
              "\n");
    app.note("`sage explain " + code + "` tells more");
    return;
  }
  const schema::PluginInfo& plugin = *verdict.plugin;
  app.print(app.bold(name + ": accepted") + "\n  " + plugin.id + " " + plugin.version + " with " +
            std::to_string(plugin.operators.size()) + " operator" +
            (plugin.operators.size() == 1 ? "" : "s") + "\n");
  for (const std::string& note : verdict.notes)
    app.print("  but  " + spec::visible(note) + "\n");
}

int why(App& app, const std::string& file) {
  Verdict verdict;
  auto plugin = plugin::examine(file, registry_config(app.plugin_flags(), ""));
  if (!plugin && plugin.error().kind != ErrorKind::kInvalid &&
      plugin.error().kind != ErrorKind::kNotAllowed)
    return app.fail(plugin.error());
  if (plugin) {
    verdict.plugin = std::move(*plugin);
    find_obstacles(app, file, verdict);
  } else {
    verdict.refusal = std::move(plugin.error());
    std::string& message = verdict.refusal->message;
    if (message.starts_with(file + ": "))
      message.erase(0, file.size() + 2);
  }
  if (app.format() == Format::kName)
    app.print(verdict.plugin ? "" : public_code(verdict.refusal->code) + "\n");
  else if (app.is_text())
    print_text(app, file, verdict);
  else
    print_json(app, file, verdict);
  return verdict.plugin ? kExitOk : kExitFailed;
}

}  // namespace

Command plugin_why_command() {
  return {"plugin why",
          "PLUGINS",
          "FILE.so",
          "Tell whether a file is a plugin that can be used, and if not, why and what to do.",
          "Examples\n"
          "  sage plugin why ./libmine.so\n"
          "\n"
          "Exit codes: 0 accepted, 1 refused, 74 the file cannot be read\n",
          [](Flags& flags) -> Action {
            const auto file = std::make_shared<std::string>();
            flags.argument("FILE", *file, "a shared library");
            return [file](App& app) { return why(app, *file); };
          }};
}

}  // namespace sage::cli
