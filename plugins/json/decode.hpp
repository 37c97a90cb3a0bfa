#pragma once
// From one JSON value to one field of a row. Included where simdjson is.

#include "value.hpp"

#include <sage/plugin.hpp>

#include <string>
#include <string_view>
#include <vector>

#include <simdjson.h>

namespace sage::json {

namespace ondemand = simdjson::ondemand;

// The text is not JSON: throws RecordError.
[[noreturn]] void throw_not_json(simdjson::error_code error);
inline void check(simdjson::error_code error) {
  if (error != simdjson::SUCCESS) [[unlikely]] {
    throw_not_json(error);
  }
}

// The text of a scalar without what follows it; of a list or an object its first bytes. Throws
// RecordError where the value would begin at `end`, the end of the whole text: a text that lacks a
// closing bracket leads simdjson past it.
std::string_view token_of(ondemand::value value, const char* end);

// The bytes that a JSON text means: in the document if nothing in it is escaped, else in the
// parser's buffer until the next document. Throws RecordError for an escape that means nothing.
std::string_view text_of(ondemand::value value, std::string_view token);

// Where a field goes, and what messages call it.
struct Target {
  Slot slot;
  std::string name;
};

class FieldDecoder {
 public:
  // The text whose values are decoded from here on ends there.
  void set_end(const char* end) { end_ = end; }
  // Throws RecordError unless the value is of the target's type. The iterator is then behind a text
  // or a list, and still on any other value.
  void set(Row& row, const Target& target, ondemand::value value);

 private:
  template <class T, class Item>
  void set_list(Row& row, const Target& target, ondemand::value value, std::vector<T>& items,
                Item item);

  const char* end_ = nullptr;
  // Kept for their memory.
  std::vector<std::uint8_t> bytes_;
  std::vector<std::string_view> texts_;
  std::vector<std::int64_t> integers_;
  std::vector<double> reals_;
  std::vector<float> floats_;
};

}  // namespace sage::json
