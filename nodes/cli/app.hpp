#pragma once
// What every command works with: the global flags, where output goes, and the way from a pipeline
// file to a plan with everything that is wrong said on standard error. Control thread.

#include "base/result.hpp"
#include "plan/plan.hpp"
#include "plugin/registry.hpp"
#include "spec/pipeline.hpp"
#include "terminal.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sage::cli {

enum class Format { kText, kJson, kJsonl, kName };

// The flags that every command takes, as given.
struct Globals {
  std::string output = "text";
  int quiet = 0;
  int verbose = 0;
  std::string color = "auto";
  std::vector<std::string> plugins;
};

// A pipeline file on its way to a plan. Nothing is loaded of a plugin before it is needed.
struct Loaded {
  spec::Parsed parsed;
  Diagnostics findings;  // of parsing and planning, in the order found
  std::unique_ptr<plugin::Registry> registry;
  std::optional<plan::Plan> plan;  // only without errors
};

class App {
 public:
  explicit App(const Globals& globals);

  Format format() const { return format_; }
  bool is_text() const { return format_ == Format::kText; }
  // -q: no summary, no progress; -qq: no warnings either.
  bool wants_summary() const { return globals_.quiet == 0; }
  bool wants_warnings() const { return globals_.quiet < 2; }
  int verbosity() const { return globals_.verbose; }
  const std::vector<std::string>& plugin_flags() const { return globals_.plugins; }
  Terminal& terminal() { return terminal_; }

  // Standard output; written out at the end.
  void print(std::string_view text);
  // Standard output in bold, where it is a terminal.
  std::string bold(const std::string& text) const;
  // Writes out what was printed; an error: it could not be.
  Status flush();
  // The end of a command: with -o json standard output is a document even if there is nothing but
  // errors. Writes everything out; returns the exit code, which is kExitIo if `code` was kExitOk
  // and writing failed.
  int finish(int code);

  // Standard error: a note that -q leaves out, and a warning that -qq leaves out.
  void note(const std::string& lines);
  void warn(const std::string& line);
  // The findings, each with its line of the file; warnings only if wanted.
  void show(const Diagnostics& findings, const std::string& file,
            std::span<const std::string> lines);
  // Shows it, and gives its exit code.
  int fail(const Error& error);

  // The plugins that this machine has, for a pipeline file ("" = none); says its warnings.
  Result<std::unique_ptr<plugin::Registry>> open_registry(const std::string& pipeline_file);
  // Reads, checks and plans. `options` without an environment: that of this process.
  Loaded load(const std::string& file, spec::ParseOptions options = {});
  Loaded load_text(std::string_view text, const std::string& file, spec::ParseOptions options = {});
  // load(), with what is wrong with the paths and rows of the [[test]]s among the findings.
  Loaded load_with_tests(const std::string& file);
  // load(), with the findings shown; without a plan the exit code is exit_code(findings).
  Loaded load_shown(const std::string& file, spec::ParseOptions options = {});

 private:
  // A library that describes a pipeline: what a pipeline file is otherwise.
  Status read_library(const std::string& file, const spec::ParseOptions& options, Loaded& loaded);
  void make_plan(Loaded& loaded, const std::string& folder_file);

  Globals globals_;
  Format format_;
  bool printed_ = false;
  Diagnostics errors_;  // shown so far
  Terminal terminal_;
  bool color_out_;
  bool color_err_;
};

}  // namespace sage::cli
