// Where the stock Cap'n Proto compiler puts the fields of a flat struct, and a schema table built
// from a field list. No hash of the fields is computed here: the engine knows the schema id.
#pragma once

#include "types.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sage {

struct Layout {
  std::vector<std::uint32_t> offsets;  // per field: bit, word or pointer index, see schema.h
  std::uint32_t data_words = 0;
  std::uint32_t ptr_words = 0;
};

// Places one field after the other. Bools fill the bits of the current bool word in order, other
// scalars take the next word, the rest the next pointer.
class FieldPlacer {
 public:
  // The field's offset: bit, word or pointer index, see schema.h.
  constexpr std::uint32_t place(Type type) {
    if (type != Type::kBool) {
      return is_scalar(type) ? data_words_++ : ptr_words_++;
    }
    if (next_bit_ % 64 == 0) {
      next_bit_ = 64 * data_words_++;
    }
    return next_bit_++;
  }
  constexpr std::uint32_t data_words() const { return data_words_; }
  constexpr std::uint32_t ptr_words() const { return ptr_words_; }

 private:
  std::uint32_t next_bit_ = 0;
  std::uint32_t data_words_ = 0;
  std::uint32_t ptr_words_ = 0;
};

inline Layout layout(std::span<const FieldSpec> fields) {
  Layout result;
  FieldPlacer placer;
  result.offsets.reserve(fields.size());
  for (const FieldSpec& field : fields) {
    result.offsets.push_back(placer.place(field.type));
  }
  result.data_words = placer.data_words();
  result.ptr_words = placer.ptr_words();
  return result;
}

// Owns a sage_schema and all it points to. Immutable; movable, its address as a table stays.
class SchemaTable {
 public:
  explicit SchemaTable(std::vector<FieldSpec> specs, std::uint64_t id = 0)
      : data_(std::make_unique<Data>()) {
    data_->specs = std::move(specs);
    const Layout at = layout(data_->specs);
    for (std::size_t i = 0; i < data_->specs.size(); ++i) {
      const FieldSpec& spec = data_->specs[i];
      data_->fields.push_back(
          {spec.name.c_str(), static_cast<std::uint32_t>(spec.type), at.offsets[i]});
    }
    data_->schema = {sizeof(sage_schema),  static_cast<std::uint32_t>(data_->fields.size()),
                     data_->fields.data(), at.data_words,
                     at.ptr_words,         id};
  }
  const sage_schema* get() const { return &data_->schema; }
  const std::vector<FieldSpec>& fields() const { return data_->specs; }

 private:
  struct Data {
    std::vector<FieldSpec> specs;
    std::vector<sage_field> fields;
    sage_schema schema{};
  };
  std::unique_ptr<Data> data_;
};

}  // namespace sage
