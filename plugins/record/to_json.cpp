#include "to_json.hpp"

#include "json/fields.hpp"

namespace sage::record {

namespace {

// Indexes of the fields to write. Throws Failure if there is no such field.
std::vector<std::uint32_t> fields_of(SchemaView input, const Config& options) {
  std::vector<std::uint32_t> fields;
  for (const auto [key, value] : options["fields"]) {
    const auto i = input.find(value.text());
    if (!i) {
      throw Failure(SAGE_E_CONFIG, "the input has no field '" + std::string(value.text()) + "'");
    }
    fields.push_back(*i);
  }
  for (std::uint32_t i = 0; !options.has("fields") && i < input.size(); ++i) {
    fields.push_back(i);
  }
  return fields;
}

}  // namespace

Options ToJson::options() {
  return {option("field", kText).text("json").help("the name of the text field to make"),
          option("fields", kField).list().help("the fields to write; all if it is left out")};
}

void ToJson::resolve(Resolve& resolve, const Config& options) {
  std::vector<std::string_view> seen;
  for (const auto [key, value] : options["fields"]) {
    const std::string name(value.text());
    if (!resolve.input().has(name)) {
      resolve.error("fields", "the input has no field '" + name + "'");
    } else if (std::ranges::find(seen, value.text()) != seen.end()) {
      resolve.error("fields", "'" + name + "' is named twice");
    }
    seen.push_back(value.text());
  }
  if (options.has("fields") && seen.empty()) {
    resolve.error("fields", "it names no field", "leave it out for all of them");
  }
  const std::string field(options.text("field"));
  if (!json::is_field_name(field)) {
    resolve.error("field", "'" + field + "' cannot be the name of a field",
                  "letters, digits and _, 63 of them at most");
  }
  resolve.output({{field, Type::kText}});
}

ToJson::ToJson(Context& ctx, const Config& options)
    : field_(ctx.output().field<std::string_view>(0)),
      writer_(ctx.input(), fields_of(ctx.input(), options)),
      replaced_(ctx.metrics().counter("replaced_utf8", nullptr,
                                      "invalid UTF-8 sequences written as U+FFFD")),
      not_finite_(
          ctx.metrics().counter("not_finite", nullptr, "NaN and infinities written as null")) {}

void ToJson::map(Record record, Row& row) {
  text_.clear();
  writer_.append(text_, record);
  row.set(field_, text_);
  const JsonLosses& losses = writer_.losses();
  if (losses.replaced != counted_.replaced || losses.not_finite != counted_.not_finite) {
    replaced_.add(losses.replaced - counted_.replaced);
    not_finite_.add(losses.not_finite - counted_.not_finite);
    counted_ = losses;
  }
}

}  // namespace sage::record
