#include "parse_json.hpp"

namespace sage::record {

Options ParseJson::options() {
  return {option("field", kField).text("line").help("the text or data field to read"),
          option("fields", kAny)
              .table()
              .required()
              .help("the fields to make, with their types; what is not UTF-8 is no JSON, hence a "
                    "record error")};
}

void ParseJson::resolve(Resolve& resolve, const Config& options) {
  const std::string name(options.text("field"));
  const auto field = resolve.input().find(name);
  if (!field) {
    resolve.error("field", "the input has no field '" + name + "'");
  } else if (const Type type = resolve.input().type(*field);
             type != Type::kText && type != Type::kData) {
    resolve.error("field", "field '" + name + "' is " + std::string(type_name(type)) +
                               ", neither text nor data");
  }
  if (const auto fields = json::JsonFields::resolve(resolve, options, "fields")) {
    resolve.output(fields->specs());
  }
}

ParseJson::ParseJson(Context& ctx, const Config& options)
    : reader_(json::JsonFields(options, "fields"), ctx.output()) {
  const SchemaView input = ctx.input();
  const auto field = input.find(options.text("field"));
  is_text_ = field && input.type(*field) == Type::kText;
  if (is_text_) {
    text_ = input.field<std::string_view>(*field);
  } else {
    data_ = input.field<BytesView>(options.text("field"));
  }
}

void ParseJson::map(Record record, Row& row) {
  reader_.read(is_text_ ? record[text_] : as_text(record[data_]), row);
}

}  // namespace sage::record
