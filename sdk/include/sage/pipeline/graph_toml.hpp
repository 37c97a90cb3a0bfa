// The parts of a graph as the text of a pipeline file. Pure.
#pragma once

#include "value.hpp"

namespace sage {

enum class ExecutionMode { local, distributed };
using enum ExecutionMode;

// As [pipeline] and [cluster] of a pipeline file; what is not given is as there.
struct PipelineConfig {
  std::string name{};  // "" = that of the library
  ExecutionMode execution_mode = local;
  std::uint32_t parallelism = 0;
  std::uint32_t max_parallelism = 0;
  struct Cluster {
    std::string address{};
    double num_cpus = 0;
    std::uint32_t num_gpus = 0;
  } cluster{};
};

namespace detail {

// What a stage runs: an operator of a plugin, or one of the program.
struct StageNode {
  std::string id;
  std::string use;
  Values with;
  std::vector<std::string> from;  // empty: a source
  std::vector<std::string> key_by;
  std::string partition;  // "plugin/operator"
  StageOptions options;
  std::string types;  // the records it takes and gives, for the fingerprint
};

inline void add_line(std::string& out, const char* key, const Value& value) {
  out += std::string(key) + " = " + value.toml() + "\n";
}
// One name as a text, several as a list.
inline Value names(const std::vector<std::string>& list) {
  return list.size() == 1 ? Value(list[0]) : Value(list);
}

inline void add_cluster(std::string& out, const PipelineConfig::Cluster& cluster) {
  Values values;
  if (!cluster.address.empty()) {
    values.emplace_back("address", cluster.address);
  }
  if (cluster.num_cpus != 0) {
    values.emplace_back("num_cpus", cluster.num_cpus);
  }
  if (cluster.num_gpus != 0) {
    values.emplace_back("num_gpus", cluster.num_gpus);
  }
  if (!values.empty()) {
    out += "\n[cluster]\n";
  }
  for (const auto& [key, value] : values) {
    add_line(out, key.c_str(), value);
  }
}

inline void add_config(std::string& out, const PipelineConfig& config) {
  out += "sage = 1\n\n[pipeline]\n";
  add_line(out, "name", config.name);
  if (config.parallelism != 0) {
    add_line(out, "parallelism", config.parallelism);
  }
  if (config.max_parallelism != 0) {
    add_line(out, "max_parallelism", config.max_parallelism);
  }
  add_cluster(out, config.cluster);
}

inline void add_resources(std::string& out, const Resources& resources) {
  Values values;
  if (resources.num_cpus != 0) {
    values.emplace_back("num_cpus", resources.num_cpus);
  }
  if (!resources.memory.text().empty()) {
    values.emplace_back("memory", resources.memory.text());
  }
  if (resources.num_gpus != 0) {
    values.emplace_back("num_gpus", resources.num_gpus);
  }
  if (!values.empty()) {
    add_line(out, "resources", values);
  }
}

inline void add_options(std::string& out, const StageOptions& options) {
  if (options.parallelism != 0) {
    add_line(out, "parallelism", options.parallelism);
  }
  add_resources(out, options.resources);
  if (!options.on_error.empty()) {
    add_line(out, "on_error", options.on_error);
  }
  Values batch;
  if (options.batch.max != 0) {
    batch.emplace_back("max", options.batch.max);
  }
  if (options.batch.linger.count() != 0) {
    batch.emplace_back("linger", std::to_string(options.batch.linger.count()) + "ns");
  }
  if (!batch.empty()) {
    add_line(out, "batch", batch);
  }
}

inline void add_stage(std::string& out, const StageNode& stage) {
  out += "\n[[stage]]\n";
  add_line(out, "id", stage.id);
  add_line(out, "use", stage.use);
  if (!stage.from.empty()) {
    add_line(out, "from", names(stage.from));
  }
  if (!stage.with.empty()) {
    add_line(out, "with", stage.with);
  }
  if (!stage.key_by.empty()) {
    add_line(out, "key_by", names(stage.key_by));
  }
  if (!stage.partition.empty()) {
    add_line(out, "partition", Values{{"use", stage.partition}});
  }
  add_options(out, stage.options);
}

}  // namespace detail
}  // namespace sage
