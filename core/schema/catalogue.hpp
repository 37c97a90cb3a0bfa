#pragma once
// Operator descriptions as plain values: what the plugins on this machine offer. Filled by plugin/
// from scanned metadata, read by plan/ and the CLI. Values. [any]

#include "schema/schema.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sage::schema {

struct OptionInfo {
  std::string name;
  std::string help{};
  std::uint32_t type = 0;       // SAGE_OPT_BOOL ...
  std::uint32_t flags = 0;      // SAGE_OPT_REQUIRED ...
  std::string default_value{};  // as in TOML; empty: none
  std::vector<std::string> allowed{};
  double minimum = 0;
  double maximum = 0;
};

struct PortInfo {
  std::string name;
  std::vector<FieldSpec> fields;  // empty: any (input), as input 0 (output)
};

struct OperatorInfo {
  std::string id;
  std::string summary;
  std::string doc;
  std::uint32_t kind = 0;  // SAGE_KIND_*
  std::uint64_t traits = 0;
  bool has_schema_role = false;
  std::vector<PortInfo> inputs;
  std::vector<PortInfo> outputs;
  std::vector<OptionInfo> options;
};

// Of a library that describes a pipeline; see sage/ext/pipeline.h. All empty: it is none.
struct PipelineInfo {
  std::string toml;
  std::string error;  // why there is no pipeline
  std::uint64_t fingerprint = 0;
};

struct PluginInfo {
  std::string id;
  std::string version;
  std::string summary;
  std::string vendor;
  std::string license;
  std::string url;
  std::string file;        // as found
  std::string digest;      // SHA-256 of the file, lower-case hex
  std::uint64_t size = 0;  // of the file, in bytes
  std::uint32_t abi_built = 0;
  std::uint32_t abi_min = 0;
  std::vector<OperatorInfo> operators;
  PipelineInfo pipeline{};
};

// A file in a plugin folder that was not accepted.
struct Refusal {
  std::string file;
  std::string code;  // "E0306"
  std::string reason;
};

struct Catalogue {
  std::vector<PluginInfo> plugins;  // the one that wins per (id, version); sorted by id
  std::vector<Refusal> refused;
  std::vector<std::string> warnings;
};

// "source", "map", ... for SAGE_KIND_*.
std::string_view kind_name(std::uint32_t kind);

}  // namespace sage::schema
