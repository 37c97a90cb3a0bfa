#include "app.hpp"
#include "commands.hpp"
#include "exit_code.hpp"
#include "json_text.hpp"

#include <sage/plugin.h>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

int version(App& app) {
  const std::string abi =
      std::to_string(SAGE_ABI_VERSION >> 16) + "." + std::to_string(SAGE_ABI_VERSION & 0xffff);
  if (app.format() == Format::kName) {
    app.print(SAGE_VERSION "\n");
    return kExitOk;
  }
  if (app.is_text()) {
    app.print("sage " SAGE_VERSION " (plugin interface " + abi + ", file format 1)\n");
    return kExitOk;
  }
  Json json = json_document();
  json["version"] = SAGE_VERSION;
  json["plugin_abi"] = abi;
  json["file_format"] = 1;
  app.print(app.format() == Format::kJson ? pretty(json) : compact(json));
  return kExitOk;
}

}  // namespace

Command version_command() {
  return {"version",
          "SHELL",
          "",
          "Print the version of this program and of the interfaces it speaks.",
          "Examples\n  sage version\n  sage version -o json\n",
          [](Flags&) -> Action { return version; }};
}

}  // namespace sage::cli
