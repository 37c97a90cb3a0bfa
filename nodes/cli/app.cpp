#include "app.hpp"

#include "exit_code.hpp"
#include "json_text.hpp"
#include "paths.hpp"
#include "plugin/elf_file.hpp"
#include "plugin/file_store.hpp"
#include "runtime/operator_resolver.hpp"
#include "runtime/pipeline_test.hpp"
#include "spec/render.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace sage::cli {
namespace {

bool is_elf(const std::string& file) {
  const auto head = plugin::read_head(file, plugin::kElfMagicBytes);
  return head && plugin::has_elf_magic(*head);
}

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

void App::print(std::string_view text) {
  printed_ = true;
  std::fwrite(text.data(), 1, text.size(), stdout);
}

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

int App::finish(int code) {
  const bool documents = format_ == Format::kJson || format_ == Format::kJsonl;
  if (documents && !printed_ && !errors_.empty()) {
    Json json = json_document();
    json["errors"] = Json::array();
    for (const Error& error : errors_)
      json["errors"].push_back(finding_json(error));
    print(format_ == Format::kJson ? pretty(json) : compact(json));
  }
  if (const Status flushed = flush(); !flushed && code == kExitOk)
    return fail(flushed.error());
  return code;
}

void App::note(const std::string& lines) {
  if (!wants_summary())
    return;
  std::string text;
  for (std::size_t at = 0; at <= lines.size();) {
    const std::size_t end = std::min(lines.find('\n', at), lines.size());
    text += spec::visible(std::string_view(lines).substr(at, end - at)) + "\n";
    at = end + 1;
  }
  terminal_.say(text);
}

void App::warn(const std::string& line) {
  if (!wants_warnings())
    return;
  terminal_.say((color_err_ ? "\x1b[1;33mwarning\x1b[0m: " : "warning: ") + spec::visible(line) +
                "\n");
}

void App::show(const Diagnostics& findings, const std::string& file,
               std::span<const std::string> lines) {
  std::string text;
  for (const Error& finding : findings) {
    const bool error = finding.severity == Severity::kError;
    if (error)
      errors_.push_back(finding);
    if (!error && !wants_warnings())
      continue;
    Error shown = finding;
    shown.hint = hint_of(finding);
    text += spec::render(shown, file, lines, {color_err_});
  }
  if (!text.empty())
    terminal_.say(text);
}

int App::fail(const Error& error) {
  show({error}, "", {});
  return exit_code(error.kind);
}

Result<std::unique_ptr<plugin::Registry>> App::open_registry(const std::string& pipeline_file) {
  for (const std::string& folder : globals_.plugins) {
    std::error_code failed;
    if (!std::filesystem::is_directory(folder, failed))
      warn("--plugins " + folder + ": there is no such folder");
  }
  plugin::RegistryConfig config = registry_config(globals_.plugins, pipeline_file);
  if (pipeline_file.ends_with(".so"))
    config.files.push_back(pipeline_file);
  SAGE_TRY(auto registry, plugin::Registry::open(std::move(config)));
  for (const std::string& warning : registry->catalogue().warnings)
    warn(warning);
  for (const schema::Refusal& refusal : registry->catalogue().refused) {
    std::error_code failed;
    if (std::filesystem::is_directory(refusal.file, failed) && !refusal.file.ends_with(".so"))
      warn("SAGE-" + refusal.code + ": " + refusal.file + ": " + refusal.reason);
  }
  return registry;
}

void App::make_plan(Loaded& loaded, const std::string& folder_file) {
  loaded.findings = loaded.parsed.findings;
  if (has_errors(loaded.findings))
    return;
  if (!loaded.registry) {
    auto registry = open_registry(folder_file);
    if (!registry) {
      loaded.findings.push_back(std::move(registry.error()));
      return;
    }
    loaded.registry = std::move(*registry);
  }
  const plan::OperatorResolver resolver = runtime::make_operator_resolver(*loaded.registry);
  loaded.plan = plan::make_plan(loaded.parsed.pipeline, resolver, loaded.findings);
}

Status App::read_library(const std::string& file, const spec::ParseOptions& options,
                         Loaded& loaded) {
  if (::access(file.c_str(), R_OK) != 0)
    return Error{ErrorKind::kIo, errno == ENOENT ? "E0701" : "E0702",
                 "`" + file + "` cannot be read: " + std::strerror(errno), "", Place{file}};
  std::error_code ignored;
  if (std::filesystem::is_directory(file, ignored))
    return Error{ErrorKind::kIo, "E0703", "`" + file + "` is a directory", "name a file in it",
                 Place{file}};
  SAGE_TRY(loaded.registry, open_registry(file));
  const schema::Catalogue& catalogue = loaded.registry->catalogue();
  for (const schema::Refusal& refusal : catalogue.refused) {
    if (refusal.file == file)
      return Error{ErrorKind::kInvalid, refusal.code, "`" + file + "`: " + refusal.reason, "",
                   Place{file}};
  }
  const auto info = std::find_if(catalogue.plugins.begin(), catalogue.plugins.end(),
                                 [&](const auto& plugin) { return plugin.file == file; });
  if (info == catalogue.plugins.end() ||
      (info->pipeline.toml.empty() && info->pipeline.error.empty()))
    return Error{
        ErrorKind::kInvalid, "E0810", "`" + file + "` is a plugin, and describes no pipeline",
        "name it in a pipeline file, or build it from a program with SAGE_PIPELINE", Place{file}};
  if (!info->pipeline.error.empty())
    return Error{ErrorKind::kInvalid, "E0811",
                 "the program `" + file + "` describes no pipeline: " + info->pipeline.error, "",
                 Place{file}};
  loaded.parsed = spec::parse_pipeline(info->pipeline.toml, file, options);
  return Ok{};
}

Loaded App::load(const std::string& file, spec::ParseOptions options) {
  if (!options.environment)
    options.environment = variable;
  Loaded loaded;
  if (!file.ends_with(".so") && is_elf(file)) {
    loaded.findings.push_back(
        {ErrorKind::kInvalid, "E0810", "`" + file + "` is a program or library, and no text",
         "the library of a program with SAGE_PIPELINE ends in .so", Place{file}});
    return loaded;
  }
  if (!file.ends_with(".so")) {
    loaded.parsed = spec::load_pipeline(file, options);
  } else if (Status read = read_library(file, options, loaded); !read) {
    loaded.findings.push_back(std::move(read.error()));
    return loaded;
  }
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

Loaded App::load_with_tests(const std::string& file) {
  Loaded loaded = load(file);
  if (!loaded.plan)
    return loaded;
  for (Error& finding : runtime::check_tests(*loaded.plan, loaded.parsed.pipeline.tests))
    loaded.findings.push_back(std::move(finding));
  return loaded;
}

Loaded App::load_shown(const std::string& file, spec::ParseOptions options) {
  Loaded loaded = load(file, std::move(options));
  show(loaded.findings, file, loaded.parsed.lines);
  return loaded;
}

}  // namespace sage::cli
