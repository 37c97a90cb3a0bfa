#pragma once
// record/parse_json: a row per JSON object in a text or data field.

#include "json/reader.hpp"

#include <sage/plugin.hpp>

namespace sage::record {

class ParseJson {
 public:
  static constexpr const char* kDoc =
      "`fields` names the fields of the output, in this order, and what they hold: a type "
      "(`n = \"int64\"`) or a table (`n = { type = \"int64\", default = 0, from = \"a.n\" }`). "
      "`from` leads through objects and is cut at its dots; without it the member has the field's "
      "name. The default stands for a missing or null member; without one that is a record error, "
      "as is a value of another type: an int64 has neither fraction nor exponent, a timestamp is a "
      "text in RFC 3339, data a text in base64. Other members are ignored, of equal ones the first "
      "counts, and the whole text has to be one JSON object, in UTF-8.";

  ParseJson(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void map(Record record, Row& row);

 private:
  // Where the text lies; a data field differs in how its end is marked.
  Field<std::string_view> text_;
  Field<BytesView> data_;
  bool is_text_ = true;
  json::JsonReader reader_;
};

}  // namespace sage::record
