#include "plugin/descriptor.hpp"

#include "base/text.hpp"
#include "plugin/codes.hpp"
#include "plugin/operator_table.hpp"
#include "plugin/version.hpp"

#include <sage/ext/pipeline.h>
#include <sage/names.hpp>

#include <algorithm>
#include <cmath>
#include <string>

namespace sage::plugin {
namespace {

constexpr std::uint32_t kOperatorsMax = 256;
constexpr std::uint32_t kPortsMax = 64;
constexpr std::uint32_t kOptionsMax = 256;
constexpr std::uint32_t kFieldsMax = 4096;
constexpr std::uint32_t kAllowedMax = 1024;
constexpr std::size_t kTextMax = 64u << 10;
constexpr std::size_t kPipelineMax = 1u << 20;

Error bad(std::string message) { return refuse(kBadDescriptor, std::move(message)); }

// The items of an array of pointers, none of which may be null.
template <class T>
Status check_array(const T* const* items, std::uint32_t n, std::uint32_t n_max, const char* what) {
  if (n > n_max) {
    return bad(std::to_string(n) + " " + what + ", over " + std::to_string(n_max));
  }
  if (n > 0 && items == nullptr) {
    return bad(std::string("the array of ") + what + " is null");
  }
  for (std::uint32_t i = 0; i < n; ++i) {
    if (items[i] == nullptr) {
      return bad(std::string("entry ") + std::to_string(i) + " of the " + what + " is null");
    }
  }
  return Ok{};
}

Result<std::string> text(const char* value, const char* what) {
  const std::string_view view = text_or_empty(value);
  if (view.size() > kTextMax) {
    return bad(std::string(what) + " has over 64 KiB");
  }
  const auto is_control = [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7f;
  };
  if (std::any_of(view.begin(), view.end(), is_control)) {
    return bad(std::string(what) + " has control characters");  // terminals would obey them
  }
  return std::string(view);
}

Result<std::string> needed(const char* value, const char* what) {
  if (text_or_empty(value).empty()) {
    return bad(std::string("there is no ") + what);
  }
  return text(value, what);
}

Result<schema::PortInfo> read_port(const sage_port& port) {
  schema::PortInfo info;
  SAGE_TRY(info.name, text(port.name, "a port's name"));
  if (port.n_fields > kFieldsMax || (port.n_fields > 0 && port.fields == nullptr)) {
    return bad("port `" + info.name + "` has no readable fields");
  }
  for (std::uint32_t i = 0; i < port.n_fields; ++i) {
    const sage_field& field = port.fields[i];
    const std::string_view name = text_or_empty(field.name);
    if (!is_field_name(name)) {
      return bad("port `" + info.name + "`: `" + std::string(name) + "` is no name of a field");
    }
    if (field.type < SAGE_BOOL || field.type > SAGE_LIST_FLOAT32) {
      return bad("port `" + info.name + "`: field `" + std::string(name) + "` has type " +
                 std::to_string(field.type));
    }
    for (const FieldSpec& other : info.fields) {
      if (other.name == name) {
        return bad("port `" + info.name + "` has two fields `" + other.name + "`");
      }
    }
    info.fields.push_back({std::string(name), static_cast<Type>(field.type)});
  }
  return info;
}

Result<std::vector<schema::PortInfo>> read_ports(const sage_port* const* ports, std::uint32_t n,
                                                 const char* what) {
  SAGE_CHECK(check_array(ports, n, kPortsMax, what));
  std::vector<schema::PortInfo> all;
  for (std::uint32_t i = 0; i < n; ++i) {
    SAGE_TRY(schema::PortInfo info, read_port(normalised(ports[i])));
    all.push_back(std::move(info));
  }
  return all;
}

Result<schema::OptionInfo> read_option(const sage_option& option) {
  schema::OptionInfo info;
  SAGE_TRY(info.name, needed(option.name, "name of an option"));
  const std::string where = "option `" + info.name + "`";
  if (!is_field_name(info.name)) {
    return bad(where + ": this is no name of an option");
  }
  if (option.type < SAGE_OPT_BOOL || option.type > SAGE_OPT_ANY) {
    return bad(where + " has type " + std::to_string(option.type));
  }
  info.type = option.type;
  info.flags = option.flags;
  SAGE_TRY(info.help, text(option.help, "an option's help"));
  SAGE_TRY(info.default_value, text(option.default_value, "an option's default"));
  SAGE_CHECK(check_array(option.allowed, option.n_allowed, kAllowedMax, "allowed values"));
  for (std::uint32_t i = 0; i < option.n_allowed; ++i) {
    SAGE_TRY(std::string allowed, text(option.allowed[i], "an allowed value"));
    info.allowed.push_back(std::move(allowed));
  }
  info.minimum = (info.flags & SAGE_OPT_MIN) != 0 ? option.minimum : 0;
  info.maximum = (info.flags & SAGE_OPT_MAX) != 0 ? option.maximum : 0;
  if (!std::isfinite(info.minimum) || !std::isfinite(info.maximum)) {
    return bad(where + ": minimum and maximum must be finite");
  }
  return info;
}

Result<std::vector<schema::OptionInfo>> read_options(const sage_operator& op) {
  SAGE_CHECK(check_array(op.options, op.n_options, kOptionsMax, "options"));
  std::vector<schema::OptionInfo> all;
  for (std::uint32_t i = 0; i < op.n_options; ++i) {
    SAGE_TRY(schema::OptionInfo info, read_option(normalised(op.options[i])));
    for (const schema::OptionInfo& other : all) {
      if (other.name == info.name) {
        return bad("two options `" + info.name + "`");
      }
    }
    all.push_back(std::move(info));
  }
  return all;
}

// Exactly one data role, whole, and one that the kind can use.
Status check_roles(const OperatorTable& table) {
  const bool transform = table.transform.struct_size != 0;
  const bool filter = table.filter.struct_size != 0;
  const bool partition = table.partition.struct_size != 0;
  const bool source = table.source.struct_size != 0;
  const bool sink = table.sink.struct_size != 0;
  const int roles = int{transform} + int{filter} + int{partition} + int{source} + int{sink};
  if (roles != 1) {
    return bad("has " + std::to_string(roles) + " data roles instead of one");
  }
  const std::uint32_t kind = table.op.kind;
  const bool fits = kind == SAGE_KIND_SOURCE        ? source
                    : kind == SAGE_KIND_SINK        ? sink
                    : kind == SAGE_KIND_PARTITIONER ? partition
                    : kind == SAGE_KIND_FILTER      ? filter || transform
                                                    : transform;
  if (!fits) {
    return bad("does not have the role that an operator of its kind needs");
  }
  if ((transform && table.transform.process == nullptr) ||
      (filter && table.filter.select == nullptr) ||
      (partition && table.partition.route == nullptr) || (source && table.source.poll == nullptr) ||
      (sink && (table.sink.write == nullptr || table.sink.prepare == nullptr ||
                table.sink.commit == nullptr)) ||
      (table.schema.struct_size != 0 && table.schema.resolve == nullptr)) {
    return bad("has a role without one of the functions that belong to it");
  }
  return Ok{};
}

Status check_shape(const OperatorTable& table) {
  const sage_operator& op = table.op;
  if (op.kind < SAGE_KIND_SOURCE || op.kind > SAGE_KIND_PARTITIONER) {
    return bad("is of kind " + std::to_string(op.kind));
  }
  if (op.create == nullptr || op.get_role == nullptr) {
    return bad("has no create or no get_role");
  }
  if ((op.kind == SAGE_KIND_SOURCE) != (op.n_inputs == 0)) {
    return bad("has inputs and is a source, or has none and is not");
  }
  if (op.kind == SAGE_KIND_SINK && op.n_outputs != 0) {
    return bad("is a sink and has outputs");
  }
  if (op.kind != SAGE_KIND_SINK && op.kind != SAGE_KIND_PARTITIONER && op.n_outputs == 0) {
    return bad("has no outputs and is no sink");
  }
  return check_roles(table);
}

Result<schema::PipelineInfo> describe_pipeline(const sage_plugin& plugin) {
  const void* made =
      plugin.get_factory == nullptr ? nullptr : plugin.get_factory(SAGE_FACTORY_PIPELINE);
  const sage_pipeline pipeline = normalised(static_cast<const sage_pipeline*>(made));
  const std::string_view toml = text_or_empty(pipeline.toml);
  SAGE_TRY(std::string error, text(pipeline.error, "the error of its pipeline"));
  if (toml.size() > kPipelineMax) {
    error = "it has over 1 MiB";
  } else if (!is_valid_utf8(toml)) {
    error = "a text in it, such as a path, is not UTF-8";
  }
  return schema::PipelineInfo{error.empty() ? std::string(toml) : "", std::move(error),
                              pipeline.fingerprint};
}

}  // namespace

bool is_legal_id(std::string_view id) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  return !id.empty() && id.size() <= 63 && plain(id[0]) &&
         std::all_of(id.begin(), id.end(),
                     [&](char c) { return plain(c) || c == '_' || c == '-'; });
}

Result<schema::OperatorInfo> describe_operator(const sage_operator* theirs) {
  const sage_operator op = normalised(theirs);
  schema::OperatorInfo info;
  SAGE_TRY(info.id, needed(op.id, "id of an operator"));
  const std::string where = "operator `" + info.id + "`";
  if (!is_legal_id(info.id)) {
    return bad(where + ": an id consists of a-z, 0-9, _ and -");
  }
  const auto read = [&]() -> Status {
    const OperatorTable table = operator_table(theirs);
    SAGE_CHECK(check_shape(table));
    SAGE_TRY(info.summary, text(op.summary, "the summary"));
    SAGE_TRY(info.doc, text(op.doc, "the documentation"));
    SAGE_TRY(info.inputs, read_ports(op.inputs, op.n_inputs, "inputs"));
    SAGE_TRY(info.outputs, read_ports(op.outputs, op.n_outputs, "outputs"));
    SAGE_TRY(info.options, read_options(op));
    info.kind = op.kind;
    info.traits = op.traits;
    info.has_schema_role = table.schema.struct_size != 0;
    return Ok{};
  };
  Status done = read();
  if (!done) {
    return std::move(done.error()).with(where);
  }
  return info;
}

Result<schema::PluginInfo> describe_plugin(const sage_plugin* theirs) {
  const sage_plugin plugin = normalised(theirs);
  schema::PluginInfo info;
  info.abi_built = plugin.abi_built;
  info.abi_min = plugin.abi_min;
  SAGE_TRY(info.id, needed(plugin.id, "id of the plugin"));
  if (!is_legal_id(info.id)) {
    return bad("plugin `" + info.id + "`: an id consists of a-z, 0-9, _ and -");
  }
  SAGE_TRY(info.version, needed(plugin.version, "version of the plugin"));
  if (!is_version(info.version)) {
    return bad("`" + info.version + "` is no version: \"1.2.0\" is one");
  }
  SAGE_TRY(info.summary, text(plugin.summary, "the summary"));
  SAGE_TRY(info.vendor, text(plugin.vendor, "the vendor"));
  SAGE_TRY(info.license, text(plugin.license, "the license"));
  SAGE_TRY(info.url, text(plugin.url, "the URL"));
  SAGE_CHECK(check_array(plugin.operators, plugin.n_operators, kOperatorsMax, "operators"));
  for (std::uint32_t i = 0; i < plugin.n_operators; ++i) {
    SAGE_TRY(schema::OperatorInfo op, describe_operator(plugin.operators[i]));
    for (const schema::OperatorInfo& other : info.operators) {
      if (other.id == op.id) {
        return bad("two operators `" + op.id + "`");
      }
    }
    info.operators.push_back(std::move(op));
  }
  SAGE_TRY(info.pipeline, describe_pipeline(plugin));
  return info;
}

}  // namespace sage::plugin
