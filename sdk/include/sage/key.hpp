// The canonical key bytes of a record, read back into fields: one text or data field is its bytes;
// one scalar is 8 little-endian bytes; several fields follow each other, texts behind a u32 length.
#pragma once

#include "out.hpp"

#include <span>
#include <vector>

namespace sage {

// Writes the key fields of a row from key bytes; made once, in open. Output fields are found by the
// names of the key fields.
class KeyFields {
 public:
  KeyFields() = default;
  KeyFields(SchemaView input, std::span<const std::uint32_t> keys, SchemaView output) {
    for (const std::uint32_t key : keys) {
      const auto target = output.find(input.name(key));
      if (!target || output.type(*target) != input.type(key)) {
        throw Failure(SAGE_E_CONFIG,
                      "the output lacks the key field '" + std::string(input.name(key)) + "'");
      }
      parts_.push_back(output.slot(*target));
    }
  }

  void write(Row& row, BytesView key) const {
    const bool alone = parts_.size() == 1;
    for (const Slot& part : parts_) {
      const bool scalar = is_scalar(part.type);
      const std::size_t length = scalar ? 8 : alone ? key.size() : take_length(key);
      if (length > key.size()) {
        throw Failure(SAGE_E_STATE, "the key bytes do not fit the key fields");
      }
      set(row, part, key.first(length));
      key = key.subspan(length);
    }
  }

 private:
  static std::size_t take_length(BytesView& key) {
    std::uint32_t length = 0;
    if (key.size() < sizeof length) {
      throw Failure(SAGE_E_STATE, "the key bytes do not fit the key fields");
    }
    std::memcpy(&length, key.data(), sizeof length);
    key = key.subspan(sizeof length);
    return length;
  }
  static void set(Row& row, const Slot& part, BytesView bytes) {
    if (part.type == Type::kText) {
      row.set(part.as<std::string_view>(), as_text(bytes));
    } else if (part.type == Type::kData) {
      row.set(part.as<BytesView>(), bytes);
    } else if (part.type == Type::kBool) {
      row.set(part.as<bool>(), wire::load64(bytes.data()) != 0);
    } else {
      row.set(part.as<std::int64_t>(), static_cast<std::int64_t>(wire::load64(bytes.data())));
    }
  }
  std::vector<Slot> parts_;
};

}  // namespace sage
