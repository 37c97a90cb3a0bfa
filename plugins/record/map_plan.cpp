#include "map_plan.hpp"

#include "json/fields.hpp"

#include <algorithm>

namespace sage::record {

MapPlan::MapPlan(SchemaView input, const Config& options) : input_(input) {
  select(options);
  add_set(options);
  check_types(options);
  rename(options);
  check_names();
}

MapColumn* MapPlan::column(std::string_view source) {
  const auto found = std::ranges::find(columns, source, &MapColumn::source);
  return found == columns.end() ? nullptr : &*found;
}

std::vector<std::string> MapPlan::sources() const {
  std::vector<std::string> names;
  for (const MapColumn& it : columns) {
    names.push_back(it.source);
  }
  return names;
}

// The fields of the input that stay.
void MapPlan::select(const Config& options) {
  for (const FieldSpec& field : input_.specs()) {
    columns.push_back({field.name, field.name, field.type, false});
  }
  if (options.has("keep") && options.has("drop")) {
    mistakes.push_back({"drop", "`keep` and `drop` exclude each other", "leave one of them out"});
    return;
  }
  const bool keep = options.has("keep");
  const char* const option = keep ? "keep" : "drop";
  std::vector<std::string> named;
  for (const auto [key, value] : options[option]) {
    named.emplace_back(value.text());
    const bool is_set = keep && options["set"].find(value.text());
    if (!input_.has(value.text()) && !is_set) {
      mistakes.push_back({option, "the input has no field '" + named.back() + "'",
                          name_hint(named.back(), sources())});
    }
  }
  if (keep && named.empty() && options["set"].size() == 0) {
    mistakes.push_back({option, "it keeps no field", "name those that stay"});
  }
  std::erase_if(columns, [&](const MapColumn& it) {
    return (std::ranges::find(named, it.source) != named.end()) != keep;
  });
}

void MapPlan::add_set(const Config& options) {
  const ConfigValue types = options["types"];
  for (const auto [key, value] : options["set"]) {
    const std::string name(key);
    expressions.push_back({"set." + name, std::string(value.text())});
    const auto type = type_of(name, types);
    if (MapColumn* const there = column(name)) {
      there->is_set = true;
      there->type = type.value_or(there->type);
    } else {
      columns.push_back({name, name, type.value_or(Type::kText), true});
    }
  }
}

// What `types` or the input says.
std::optional<Type> MapPlan::type_of(const std::string& field, const ConfigValue& types) {
  if (const ConfigValue given = types.find(field)) {
    return parse_type(given.text());  // check_types reports what is no type
  }
  const auto i = input_.find(field);
  if (!i) {
    mistakes.push_back({"set." + field, "the new field '" + field + "' needs a type",
                        "types = { " + field + " = \"int64\" }"});
    return std::nullopt;
  }
  return input_.type(*i);
}

void MapPlan::check_types(const Config& options) {
  static const std::vector<std::string> kTypes(kTypeNames.begin() + 1, kTypeNames.end());
  const ConfigValue set = options["set"];
  for (const auto [key, value] : options["types"]) {
    const std::string name(key);
    if (!set.find(key)) {
      mistakes.push_back({"types." + name, "`set` does not set '" + name + "'", ""});
    }
    if (!parse_type(value.text())) {
      const std::string type(value.text());
      mistakes.push_back(
          {"types." + name, "there is no type '" + type + "'", name_hint(type, kTypes)});
    }
  }
}

void MapPlan::rename(const Config& options) {
  for (const auto [key, value] : options["rename"]) {
    if (MapColumn* const renamed = column(key)) {
      renamed->name = value.text();
    } else {
      const std::string name(key);
      mistakes.push_back({"rename." + name, "there is no field '" + name + "' to rename",
                          name_hint(name, sources())});
    }
  }
}

void MapPlan::check_names() {
  for (const MapColumn& it : columns) {
    const std::string place = (it.name == it.source ? "set." : "rename.") + it.source;
    const auto first = std::ranges::find(columns, it.name, &MapColumn::name);
    if (&*first != &it) {
      const bool is_renamed = it.name != it.source;
      mistakes.push_back({is_renamed ? place : "rename." + first->source,
                          "there would be two fields '" + it.name + "'", ""});
    } else if (!json::is_field_name(it.name)) {
      mistakes.push_back({place, "'" + it.name + "' cannot be the name of a field",
                          "letters, digits and _, 63 of them at most"});
    }
  }
  if (columns.empty() && mistakes.empty()) {
    mistakes.push_back({"drop", "no field is left", ""});
  }
}

}  // namespace sage::record
