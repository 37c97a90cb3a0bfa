#pragma once
// record/to_json: a record as one JSON text.

#include <sage/json.hpp>
#include <sage/plugin.hpp>

namespace sage::record {

class ToJson {
 public:
  static constexpr const char* kDoc =
      "The output is one text field, named by `field`, with a JSON object of the input's fields, "
      "or "
      "of those that `fields` names, in its order. Integers are exact, floats in the shortest form "
      "that reads back equal, timestamps RFC 3339, data base64. NaN and infinities become null and "
      "count as `not_finite`, invalid UTF-8 becomes U+FFFD and counts as `replaced_utf8`.";

  ToJson(Context& ctx, const Config& options);
  static Options options();
  static void resolve(Resolve& resolve, const Config& options);
  void map(Record record, Row& row);

 private:
  Field<std::string_view> field_;
  JsonWriter writer_;
  JsonLosses counted_;
  std::string text_;
  Counter replaced_;
  Counter not_finite_;
};

}  // namespace sage::record
