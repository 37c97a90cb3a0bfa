#pragma once
// Decodes JSON objects into rows.

#include "fields.hpp"

#include <memory>
#include <string_view>

namespace sage::json {

// One per instance; [task]. Types are taken as they are written: an int64 has neither fraction nor
// exponent, a timestamp is a text in RFC 3339, data a text in base64. Null counts as missing, of
// equal members the first one counts, members that no field names are ignored, but the whole text
// has to be JSON.
class JsonReader {
 public:
  // Fields are found in `output` by name; it may have more of them.
  JsonReader(const JsonFields& fields, SchemaView output);
  ~JsonReader();
  JsonReader(JsonReader&&) noexcept;
  JsonReader& operator=(JsonReader&&) noexcept;

  // Sets the fields in `row`, which was begun. `json` is one object and white space around it; 64
  // bytes behind it (SAGE_SLACK) can be read, whatever they are. Throws RecordError, which names
  // the field where one is to blame (SAGE_E_DATA; SAGE_E_RANGE: a number too large for its type);
  // the row is then to be begun anew or forgotten.
  void read(std::string_view json, Row& row);

 private:
  class Decoder;
  std::unique_ptr<Decoder> decoder_;
};

}  // namespace sage::json
