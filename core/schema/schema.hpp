#pragma once
// Record schemas: an ordered list of named, typed fields and their Cap'n Proto layout. A Schema
// owns its C table and never moves in memory once shared; hand it around as SchemaPtr. [any]

#include "base/result.hpp"

#include <sage/layout.hpp>
#include <sage/schema.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sage::schema {

class Schema {
 public:
  // Names must be legal and differ, types be of the closed set. At most 4,096 fields.
  static Result<std::shared_ptr<const Schema>> make(std::vector<FieldSpec> fields);

  std::span<const FieldSpec> fields() const { return table_.fields(); }
  std::optional<std::uint32_t> find(std::string_view name) const;
  const sage_schema& c_table() const { return *table_.get(); }
  std::uint64_t id() const { return c_table().id; }
  // Of the data and pointer section: no payload is shorter.
  std::uint64_t body_bytes() const {
    return 8 * (std::uint64_t{c_table().data_words} + c_table().ptr_words);
  }
  std::vector<std::string> names() const;
  // "{user_id: text, n: int64}" for messages.
  std::string text() const;
  // The `.capnp` text of the struct `name`, as the stock compiler takes it.
  std::string capnp_text(std::string_view name) const;

 private:
  explicit Schema(SchemaTable table) : table_(std::move(table)) {}
  SchemaTable table_;
};

using SchemaPtr = std::shared_ptr<const Schema>;

bool same_fields(const Schema& a, const Schema& b);

}  // namespace sage::schema
