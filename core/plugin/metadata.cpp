#include "plugin/metadata.hpp"

#include <sage/plugin.h>

#include <nlohmann/json.hpp>

// nlohmann finds these by the namespace of the struct.
namespace sage {

using Json = nlohmann::json;

static void to_json(Json& json, const FieldSpec& field) {
  json = {{"name", field.name}, {"type", static_cast<std::uint32_t>(field.type)}};
}
static void from_json(const Json& json, FieldSpec& field) {
  json.at("name").get_to(field.name);
  field.type = static_cast<Type>(json.at("type").get<std::uint32_t>());
}

namespace schema {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PortInfo, name, fields)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OptionInfo, name, help, type, flags, default_value, allowed,
                                   minimum, maximum)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(OperatorInfo, id, summary, doc, kind, traits, has_schema_role,
                                   inputs, outputs, options)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PipelineInfo, toml, error, fingerprint)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(PluginInfo, id, version, summary, vendor, license, url, file,
                                   digest, size, abi_built, abi_min, operators, pipeline)

}  // namespace schema

namespace plugin {

NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(FileStamp, size, mtime_ns, ctime_ns, inode, device)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(Verdict, code, reason, plugin)
NLOHMANN_DEFINE_TYPE_NON_INTRUSIVE(CacheEntry, path, stamp, verdict)

namespace {

constexpr std::uint32_t kFormat = 3;

bool has_known_types(const std::vector<schema::PortInfo>& ports) {
  for (const schema::PortInfo& port : ports) {
    for (const FieldSpec& field : port.fields) {
      if (field.type < Type::kBool || field.type > Type::kListFloat32)
        return false;
    }
  }
  return true;
}

// JSON holds any number; what reads a description later relies on the closed set of types.
bool is_sound(const Verdict& verdict) {
  for (const schema::OperatorInfo& op : verdict.plugin.operators) {
    if (!has_known_types(op.inputs) || !has_known_types(op.outputs))
      return false;
  }
  return true;
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
std::optional<T> parse(std::string_view text, bool versioned) {
  try {
    const Json json = Json::parse(text);
    if (versioned && (json.at("format") != kFormat || json.at("abi") != SAGE_ABI_VERSION)) {
      return std::nullopt;
    }
    return json.get<T>();
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

std::string verdict_text(const Verdict& verdict) { return dump(verdict); }

std::optional<Verdict> parse_verdict(std::string_view text) {
  auto verdict = parse<Verdict>(text, false);
  return verdict && is_sound(*verdict) ? std::move(verdict) : std::nullopt;
}

std::string cache_text(const CacheEntry& entry) {
  Json json = entry;
  json["format"] = kFormat;
  json["abi"] = SAGE_ABI_VERSION;
  return dump(json);
}

std::optional<CacheEntry> parse_cache(std::string_view text) {
  auto entry = parse<CacheEntry>(text, true);
  return entry && is_sound(entry->verdict) ? std::move(entry) : std::nullopt;
}

}  // namespace plugin
}  // namespace sage
