#pragma once
// The option that says which fields a JSON object gives, in the order of the file:
//
//   fields = { user_id = "text", ts = "timestamp", n = { type = "int64", default = 0 },
//              city = { type = "text", from = "address.city" }, tags = "list<text>" }
//
// Declare it as `option("fields", kAny).table()`. In `resolve`:
//
//   if (const auto fields = JsonFields::resolve(resolve, options, "fields"))
//     resolve.output(fields->specs());
//
// and in the constructor `JsonFields(options, "fields")`, which JsonReader takes.

#include "value.hpp"

#include <sage/plugin.hpp>

#include <optional>
#include <string>
#include <vector>

namespace sage::json {

// [A-Za-z_][A-Za-z0-9_]{0,62}
bool is_field_name(std::string_view name);

struct JsonField {
  std::string name;
  Type type = Type::kText;
  // Names of the members that lead to the value, outermost first; `from` is cut at its dots.
  std::vector<std::string> path;
  std::optional<Value> fallback;  // `default`
};

class JsonFields {
 public:
  // Reports every mistake in the option at its place, such as "fields.n.type"; an absent or empty
  // table is one. Nothing if there were any.
  static std::optional<JsonFields> resolve(Resolve& resolve, const Config& options,
                                           const char* option);
  // Throws Failure (SAGE_E_CONFIG) with the first mistake.
  JsonFields(const Config& options, const char* option);

  std::vector<FieldSpec> specs() const;
  const std::vector<JsonField>& all() const { return fields_; }

 private:
  JsonFields() = default;
  std::vector<JsonField> fields_;
};

}  // namespace sage::json
