#pragma once
// A pipeline file as typed values: syntax, keys and units are checked here, operators, schemas and
// the graph in plan/. Values; immutable after parsing. [any]

#include "base/on_error.hpp"
#include "base/result.hpp"
#include "base/retry.hpp"
#include "spec/value.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace sage::spec {

// "plugin/operator" or "plugin@1.2/operator".
struct Use {
  std::string plugin;
  std::string version;  // "1.2", or empty: the highest
  std::string op;
  Place place;
  std::string text() const;  // as written
};

enum class PartitionKind { kForward, kRebalance, kBroadcast, kGlobal, kCustom };

struct Partition {
  PartitionKind kind = PartitionKind::kForward;
  std::optional<Use> use;  // custom
  Table with;              // custom
  Place place;
};

struct Resources {
  double num_cpus = 0;
  std::int64_t memory = 0;  // bytes, 0 = no limit
  std::int64_t num_gpus = 0;
  Place place;
};

struct BatchLimit {
  std::int64_t max = 0;
  std::int64_t linger_ns = 0;
  Place place;
};

struct Stage {
  Located<std::string> id;
  Use use;
  Table with;  // options as written
  Place with_place;
  std::optional<std::vector<Located<std::string>>> from;  // absent: the stage above
  std::optional<Located<std::int64_t>> parallelism;
  std::vector<Located<std::string>> key_by;
  std::optional<Partition> partition;
  std::optional<Resources> resources;
  std::optional<Located<std::string>> watermark_field;  // any `watermark` key: not supported yet
  OnError on_error = OnError::kFail;
  Place on_error_place;
  std::optional<Retry> retry;
  std::optional<BatchLimit> batch;
  Place place;  // of the [[stage]] header or the table
};

// A [[test]]: rows in, rows out, over a linear path of stages.
struct Test {
  Located<std::string> name;
  std::vector<Located<std::string>> at;  // one or two stage ids
  std::vector<Value> given;              // tables
  std::vector<Value> want;
  Place place;
};

struct Pipeline {
  std::string file;
  Located<std::string> name;
  std::int64_t parallelism = 1;
  std::int64_t max_parallelism = 128;  // key groups, 1 .. 32768
  std::vector<Stage> stages;
  std::vector<Test> tests;
};

// Looks up a variable of the environment; nullopt: not defined.
using Environment = std::function<std::optional<std::string>(const std::string&)>;

struct ParseOptions {
  Environment environment;
  std::vector<std::string> sets;         // --set "lines.with.path=v": STAGE.key... or pipeline.key
  std::vector<std::string> parallelism;  // -P "stage=N"
};

// What parsing found; `pipeline` is complete only if there is no error among the findings.
struct Parsed {
  Pipeline pipeline;
  Diagnostics findings;
  std::vector<std::string> lines;  // of the file, for showing the offending one
};

// Parses text of `file`. Never throws, never crashes on any input; reads no file but ${file:...}.
Parsed parse_pipeline(std::string_view text, const std::string& file, const ParseOptions& options);

// Reads and parses. Missing, unreadable or a directory: ErrorKind::kIo at 1:1.
Parsed load_pipeline(const std::string& file, const ParseOptions& options);

}  // namespace sage::spec
