#include "app.hpp"

#include "exit_code.hpp"
#include "paths.hpp"
#include "runtime/world.hpp"
#include "spec/render.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unistd.h>

namespace sage::cli {
namespace {

Format format_of(const std::string& name) {
  if (name == "json")
    return Format::kJson;
  if (name == "jsonl")
    return Format::kJsonl;
  return name == "name" ? Format::kName : Format::kText;
}

Colors colors_of(const std::string& name) {
  if (name == "always")
    return Colors::kAlways;
  return name == "never" ? Colors::kNever : Colors::kAuto;
}

std::optional<std::string> variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

}  // namespace

App::App(const Globals& globals)
    : globals_(globals),
      format_(format_of(globals.output)),
      color_out_(wants_color(colors_of(globals.color), STDOUT_FILENO)),
      color_err_(wants_color(colors_of(globals.color), STDERR_FILENO)) {}

void App::print(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stdout); }

std::string App::bold(const std::string& text) const {
  return color_out_ ? "\x1b[1m" + text + "\x1b[0m" : text;
}

Status App::flush() {
  errno = 0;
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0)
    return Ok{};
  const char* reason = errno == 0 ? "an earlier write failed" : std::strerror(errno);
  return Error{ErrorKind::kIo, "E0705",
               std::string("standard output cannot be written: ") + reason};
}

void App::note(const std::string& line) {
  if (wants_summary())
    talk_.say(line + "\n");
}

void App::warn(const std::string& line) {
  if (wants_warnings())
    talk_.say((color_err_ ? "\x1b[1;33mwarning\x1b[0m: " : "warning: ") + line + "\n");
}

void App::show(const Diagnostics& findings, const std::string& file,
               std::span<const std::string> lines) {
  std::string text;
  for (const Error& finding : findings) {
    if (finding.severity == Severity::kError || wants_warnings())
      text += spec::render(finding, file, lines, {color_err_});
  }
  if (!text.empty())
    talk_.say(text);
}

int App::fail(const Error& error) {
  show({error}, "", {});
  return exit_code(error.kind);
}

Result<std::unique_ptr<plugin::Registry>> App::open_registry(const std::string& pipeline_file) {
  SAGE_TRY(auto registry, plugin::Registry::open(registry_config(globals_.plugins, pipeline_file)));
  for (const std::string& warning : registry->catalogue().warnings)
    warn(warning);
  return registry;
}

void App::make_plan(Loaded& loaded, const std::string& folder_file) {
  loaded.findings = loaded.parsed.findings;
  if (has_errors(loaded.findings))
    return;
  auto registry = open_registry(folder_file);
  if (!registry) {
    loaded.findings.push_back(std::move(registry.error()));
    return;
  }
  loaded.registry = std::move(*registry);
  const plan::World world = runtime::make_world(*loaded.registry);
  loaded.plan = plan::make_plan(loaded.parsed.pipeline, world, loaded.findings);
}

Loaded App::load(const std::string& file, spec::ParseOptions options) {
  if (!options.environment)
    options.environment = variable;
  Loaded loaded;
  if (file.ends_with(".so")) {
    loaded.findings.push_back({ErrorKind::kInvalid, "E0810",
                               "`" + file + "` is a library, and this version runs pipeline files",
                               "give the .toml file of the pipeline", Place{file}});
    return loaded;
  }
  loaded.parsed = spec::load_pipeline(file, options);
  make_plan(loaded, file);
  return loaded;
}

Loaded App::load_text(std::string_view text, const std::string& file, spec::ParseOptions options) {
  if (!options.environment)
    options.environment = variable;
  Loaded loaded;
  loaded.parsed = spec::parse_pipeline(text, file, options);
  make_plan(loaded, file);
  return loaded;
}

Loaded App::load_shown(const std::string& file, spec::ParseOptions options) {
  Loaded loaded = load(file, std::move(options));
  show(loaded.findings, file, loaded.parsed.lines);
  return loaded;
}

}  // namespace sage::cli
