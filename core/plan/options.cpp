#include "plan/options.hpp"

#include "plan/finding.hpp"
#include "plan/option_value.hpp"
#include "spec/toml_reader.hpp"

#include <sage/plugin.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

namespace sage::plan {
namespace {

using schema::OptionInfo;
using schema::OptionValue;

class OptionReader {
 public:
  OptionReader(const OptionCheck& check, Diagnostics& findings)
      : check_(check), findings_(findings) {}

  schema::OptionTable read() {
    for (const spec::Member& member : check_.with)
      read_written(member);
    for (const OptionInfo& option : check_.info.options) {
      if (spec::find(check_.with, option.name) == nullptr)
        read_missing(option);
    }
    return std::move(result_);
  }

 private:
  void read_written(const spec::Member& member) {
    const std::string& name = member.key.value;
    for (const OptionInfo& option : check_.info.options) {
      if (option.name != name)
        continue;
      keep(name, convert(option, name, member.value));
      return;
    }
    std::vector<std::string> known;
    for (const OptionInfo& option : check_.info.options)
      known.push_back(option.name);
    findings_.push_back(
        invalid("E0107", member.key.place, quoted(check_.owner) + " has no option " + quoted(name),
                known.empty() ? quoted(check_.owner) + " takes no options" : choices(name, known)));
  }

  void read_missing(const OptionInfo& option) {
    if (!option.default_value.empty()) {
      read_default(option);
    } else if ((option.flags & SAGE_OPT_REQUIRED) != 0) {
      findings_.push_back(invalid("E0401", check_.place,
                                  quoted(check_.owner) + " needs the option " + quoted(option.name),
                                  option.help));
    }
  }

  void read_default(const OptionInfo& option) {
    std::optional<spec::Value> value = spec::read_toml_value(option.default_value);
    if (!value) {
      findings_.push_back(invalid("E0402", check_.place,
                                  "the default of option " + quoted(option.name) + " of " +
                                      quoted(check_.owner) +
                                      " cannot be read: " + option.default_value,
                                  "this is a mistake in the plugin; give the option a value"));
      return;
    }
    value->place = check_.place;
    Result<OptionValue> converted = convert(option, option.name, *value);
    if (!converted) {
      converted = std::move(converted.error()).with("the default of " + quoted(check_.owner));
    }
    keep(option.name, std::move(converted));
  }

  void keep(const std::string& name, Result<OptionValue> value) {
    if (value) {
      result_.push_back({name, std::move(*value)});
    } else {
      findings_.push_back(std::move(value.error()));
    }
  }

  Result<OptionValue> convert(const OptionInfo& option, const std::string& name,
                              const spec::Value& value) const {
    if ((option.flags & SAGE_OPT_TABLE) != 0)
      return convert_table(option, name, value);
    return convert_items(option, name, value);
  }

  Result<OptionValue> convert_table(const OptionInfo& option, const std::string& name,
                                    const spec::Value& value) const {
    const spec::Table* table = value.table();
    if (table == nullptr)
      return wrong_shape(name, "a table", value);
    schema::OptionTable members;
    for (const spec::Member& member : *table) {
      const std::string path = name + "." + member.key.value;
      SAGE_TRY(OptionValue converted, convert_items(option, path, member.value));
      members.push_back({member.key.value, std::move(converted)});
    }
    return OptionValue{std::move(members)};
  }

  Result<OptionValue> convert_items(const OptionInfo& option, const std::string& name,
                                    const spec::Value& value) const {
    if ((option.flags & SAGE_OPT_LIST) == 0) {
      return convert_scalar(option, name, value, check_.input);
    }
    const spec::List* list = value.list();
    if (list == nullptr)
      return wrong_shape(name, "a list", value);
    schema::OptionList items;
    for (const spec::Value& item : *list) {
      SAGE_TRY(OptionValue converted, convert_scalar(option, name, item, check_.input));
      items.push_back(std::move(converted));
    }
    return OptionValue{std::move(items)};
  }

  static Error wrong_shape(const std::string& name, const std::string& wanted,
                           const spec::Value& value) {
    const std::string found = " (found: " + std::string(spec::type_name(value)) + ")";
    const std::string hint =
        wanted == "a list" ? "put it in brackets: [ … ]" : "write it as a table: { key = value }";
    return invalid("E0402", value.place, "option " + quoted(name) + " needs " + wanted + found,
                   hint);
  }

  const OptionCheck& check_;
  Diagnostics& findings_;
  schema::OptionTable result_;
};

// The item of a list that a path segment such as "2" means.
const spec::Value* item_at(const spec::List& list, std::string_view index) {
  std::size_t at = 0;
  if (index.empty() || index.size() > 6)
    return nullptr;
  for (const char digit : index) {
    if (digit < '0' || digit > '9')
      return nullptr;
    at = at * 10 + static_cast<std::size_t>(digit - '0');
  }
  return at < list.size() ? &list[at] : nullptr;
}

}  // namespace

schema::OptionTable check_options(const OptionCheck& check, Diagnostics& findings) {
  return OptionReader(check, findings).read();
}

Place option_place(const spec::Table& with, const std::string& path, const Place& fallback) {
  const spec::Table* table = &with;
  const spec::List* list = nullptr;
  Place deepest = fallback;
  std::string_view rest = path;
  while (!rest.empty()) {
    // A key may hold dots itself, so the whole rest is tried first.
    const spec::Value* value = table != nullptr ? spec::find(*table, rest) : nullptr;
    std::size_t length = rest.size();
    if (value == nullptr) {
      length = std::min(rest.find('.'), rest.size());
      const std::string_view head = rest.substr(0, length);
      if (table != nullptr)
        value = spec::find(*table, head);
      if (list != nullptr)
        value = item_at(*list, head);
    }
    if (value == nullptr)
      break;
    deepest = value->place;
    table = value->table();
    list = value->list();
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return deepest;
}

}  // namespace sage::plan
