// graph_toml: a plan as a pipeline file.

#include "plan/graph_text.hpp"
#include "plan/option_value.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

namespace sage::plan {
namespace {

using schema::OptionInfo;
using schema::OptionValue;

bool is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// A basic string. A plain `${` is doubled, so that it is not expanded when the file is read;
// references to credentials stay.
std::string toml_quoted(std::string_view text, bool is_value) {
  std::string result = "\"";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      char code[8];
      std::snprintf(code, sizeof code, "\\u%04X", static_cast<unsigned>(c));
      result += code;
    } else {
      const std::string_view rest = text.substr(i);
      if (is_value && rest.starts_with("${") && !rest.starts_with("${cred:"))
        result += '$';
      result += c;
    }
  }
  return result + "\"";
}

std::string quoted_value(std::string_view text) { return toml_quoted(text, true); }

std::string key_text(const std::string& key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), is_bare);
  return bare ? key : toml_quoted(key, false);
}

std::string float_value(double number) {
  if (std::isnan(number))
    return "nan";
  if (std::isinf(number))
    return number > 0 ? "inf" : "-inf";
  char buffer[32];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, number).ptr);
  return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
}

class ValueWriter {
 public:
  // nullptr: a value without a description.
  explicit ValueWriter(const OptionInfo* option) : option_(option) {}

  std::string text(const OptionValue& value) const {
    if (const auto* list = std::get_if<schema::OptionList>(&value.data))
      return list_text(*list);
    if (const auto* table = std::get_if<schema::OptionTable>(&value.data)) {
      return table_text(*table);
    }
    if (const auto* boolean = std::get_if<bool>(&value.data))
      return *boolean ? "true" : "false";
    if (const auto* real = std::get_if<double>(&value.data))
      return float_value(*real);
    if (const auto* integer = std::get_if<std::int64_t>(&value.data)) {
      const bool is_duration = option_ != nullptr && option_->type == SAGE_OPT_DURATION;
      return is_duration ? quoted_value(duration_text(*integer)) : std::to_string(*integer);
    }
    return secret_text(std::get<std::string>(value.data));
  }

 private:
  std::string secret_text(const std::string& text) const {
    const bool is_secret = option_ != nullptr && (option_->flags & SAGE_OPT_SECRET) != 0;
    return is_secret && !text.starts_with("${cred:") ? quoted_value("***") : quoted_value(text);
  }

  std::string list_text(const schema::OptionList& list) const {
    std::string items;
    for (const OptionValue& item : list)
      items += (items.empty() ? "" : ", ") + text(item);
    return "[" + items + "]";
  }

  std::string table_text(const schema::OptionTable& table) const {
    std::string members;
    for (const auto& [name, value] : table) {
      members += (members.empty() ? " " : ", ") + key_text(name) + " = " + text(value);
    }
    return members.empty() ? "{}" : "{" + members + " }";
  }

  const OptionInfo* option_;
};

std::string with_text(const OperatorUse& op) {
  std::string members;
  for (const auto& [name, value] : op.options) {
    const auto& known = op.info->options;
    const std::string& wanted = name;
    const auto option = std::find_if(known.begin(), known.end(),
                                     [&](const OptionInfo& other) { return other.name == wanted; });
    const ValueWriter writer(option == known.end() ? nullptr : &*option);
    members += (members.empty() ? " " : ", ") + key_text(name) + " = " + writer.text(value);
  }
  return "{" + members + " }";
}

std::string name_list(const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& name : names) {
    text += (text.empty() ? "" : ", ") + toml_quoted(name, true);
  }
  return names.size() == 1 ? text : "[" + text + "]";
}

std::string from_name(const Plan& plan, const Edge& edge) {
  const Stage& from = plan.stages[edge.from];
  if (edge.port == kErrorPort)
    return from.id + "." + std::string(kErrorPortName);
  return edge.port == 0 ? from.id : from.id + "." + from.op.info->outputs[edge.port].name;
}

std::string partition_text(const Edge& edge) {
  if (!edge.partitioner)
    return quoted_value(edge_name(edge.kind));
  const OperatorUse& op = *edge.partitioner;
  const std::string with = op.options.empty() ? "" : ", with = " + with_text(op);
  return "{ use = " + quoted_value(op.use.text()) + with + " }";
}

std::string retry_text(const Retry& retry) {
  return "{ times = " + std::to_string(retry.times) +
         ", backoff = " + quoted_value(duration_text(retry.backoff_ns)) +
         ", max = " + quoted_value(duration_text(retry.max_ns)) + " }";
}

std::string resources_text(const spec::Resources& resources) {
  std::string members;
  const auto add = [&](const std::string& name, const std::string& value) {
    members += (members.empty() ? " " : ", ") + name + " = " + value;
  };
  if (resources.num_cpus != 0)
    add("num_cpus", float_value(resources.num_cpus));
  if (resources.memory != 0)
    add("memory", quoted_value(std::to_string(resources.memory)));
  if (resources.num_gpus != 0)
    add("num_gpus", std::to_string(resources.num_gpus));
  return members.empty() ? "{}" : "{" + members + " }";
}

// Where the streams into a stage are divided in different ways, none of them was asked for: the
// parallelism tells them apart again.
void write_partition(const std::vector<const Edge*>& edges, std::string& text) {
  const EdgeKind kind = edges.front()->kind;
  const bool is_same =
      std::all_of(edges.begin(), edges.end(), [&](const Edge* edge) { return edge->kind == kind; });
  if (is_same && kind != EdgeKind::kHash) {
    text += "partition = " + partition_text(*edges.front()) + "\n";
  }
}

void write_stage(const Plan& plan, std::uint32_t index, std::string& text) {
  const Stage& stage = plan.stages[index];
  text += "\n[[stage]]\nid = " + quoted_value(stage.id) +
          "\nuse = " + quoted_value(stage.op.use.text()) + "\n";
  std::vector<const Edge*> edges;
  std::vector<std::string> names;
  for (const Edge& edge : plan.edges) {
    if (edge.to != index)
      continue;
    edges.push_back(&edge);
    names.push_back(from_name(plan, edge));
  }
  if (!edges.empty())
    text += "from = " + name_list(names) + "\n";
  if (!stage.op.options.empty())
    text += "with = " + with_text(stage.op) + "\n";
  text += "parallelism = " + std::to_string(stage.parallelism) + "\n";
  std::vector<std::string> keys;
  for (const std::uint32_t key : stage.keys) {
    keys.push_back(stage.inputs[0]->fields()[key].name);
  }
  if (!keys.empty())
    text += "key_by = " + name_list(keys) + "\n";
  if (!edges.empty())
    write_partition(edges, text);
  if (stage.on_error == OnError::kSkip)
    text += "on_error = \"skip\"\n";
  if (stage.on_error == OnError::kDeadLetter)
    text += "on_error = \"dead_letter\"\n";
  if (stage.retry.times > 0)
    text += "retry = " + retry_text(stage.retry) + "\n";
  if (stage.resources)
    text += "resources = " + resources_text(*stage.resources) + "\n";
}

}  // namespace

std::string graph_toml(const Plan& plan) {
  std::string text = "sage = 1\n\n[pipeline]\n";
  if (!plan.name.empty())
    text += "name = " + quoted_value(plan.name) + "\n";
  text += "max_parallelism = " + std::to_string(plan.key_groups) + "\n";
  for (std::uint32_t i = 0; i < plan.stages.size(); ++i)
    write_stage(plan, i, text);
  return text;
}

}  // namespace sage::plan
