// Reading records: typed field handles, resolved once by name, and the views Record and Batch.
// Nothing is checked here; records were checked where they entered the engine. All views are
// borrowed: they end with the call that brought the batch.
#pragma once

#include "error.hpp"
#include "plugin.h"
#include "types.hpp"

#include <type_traits>
#include <vector>

namespace sage {

// Where a field lies in the body of its records. Get one from SchemaView::field.
template <class T>
struct Field {
  static_assert(kTypeOf<T> != Type{}, "sage::Field: not a field type, see sage/record.hpp");
  std::uint32_t byte = 0;  // of the scalar, or of the pointer word
  std::uint8_t mask = 0;   // bool: its bit in that byte
};

// The same for code that works on fields of every type. Get one from SchemaView::slot.
struct Slot {
  Type type{};
  std::uint32_t byte = 0;
  std::uint8_t mask = 0;

  // Right where T belongs to `type`, or lies like it (int64_t for every word, for instance).
  template <class T>
  Field<T> as() const {
    return {byte, mask};
  }
};

// A schema, by name. Copyable; the schema lives as long as the instance.
class SchemaView {
 public:
  SchemaView() = default;
  SchemaView(const sage_schema* schema) : schema_(schema) {}
  const sage_schema* get() const { return schema_; }
  std::uint32_t size() const { return schema_->n_fields; }
  std::string_view name(std::uint32_t i) const { return schema_->fields[i].name; }
  Type type(std::uint32_t i) const { return static_cast<Type>(schema_->fields[i].type); }
  std::uint32_t body_bytes() const { return 8 * (schema_->data_words + schema_->ptr_words); }

  std::optional<std::uint32_t> find(std::string_view name) const {
    for (std::uint32_t i = 0; i < size(); ++i) {
      if (this->name(i) == name) {
        return i;
      }
    }
    return std::nullopt;
  }
  bool has(std::string_view name) const { return find(name).has_value(); }

  std::vector<FieldSpec> specs() const {
    std::vector<FieldSpec> result;
    for (std::uint32_t i = 0; i < size(); ++i) {
      result.push_back({std::string(name(i)), type(i)});
    }
    return result;
  }

  // Byte of field i from the start of the body: of the scalar (bool: the byte with its bit), or of
  // the pointer word.
  std::uint32_t byte(std::uint32_t i) const {
    const sage_field& field = schema_->fields[i];
    if (type(i) == Type::kBool) {
      return field.offset / 8;
    }
    return 8 * (is_scalar(type(i)) ? field.offset : schema_->data_words + field.offset);
  }

  // Where field i lies.
  Slot slot(std::uint32_t i) const {
    return {type(i), byte(i), static_cast<std::uint8_t>(1u << (schema_->fields[i].offset % 8))};
  }

  template <class T>
  Field<T> field(std::uint32_t i) const {
    if (i >= size() || type(i) != kTypeOf<T>) {
      const std::string which = i < size() ? std::string(name(i)) : std::to_string(i);
      throw Failure(SAGE_E_CONFIG,
                    "field '" + which + "' is not of type " + std::string(type_name(kTypeOf<T>)));
    }
    return slot(i).as<T>();
  }
  template <class T>
  Field<T> field(std::string_view name) const {
    const auto i = find(name);
    if (!i) {
      throw Failure(SAGE_E_CONFIG, "there is no field '" + std::string(name) + "'");
    }
    return field<T>(*i);
  }

 private:
  const sage_schema* schema_ = nullptr;
};

// One record: its envelope and the body of its payload.
class Record {
 public:
  Record() = default;
  Record(const std::uint8_t* body, const sage_record* envelope)
      : body_(body), envelope_(envelope) {}
  const std::uint8_t* body() const { return body_; }
  const sage_record& envelope() const { return *envelope_; }
  std::int64_t ts() const { return envelope_->ts; }
  std::uint64_t key_hash() const { return envelope_->key; }
  BytesView payload() const { return {body_, envelope_->len}; }

  template <class T>
  T get(Field<T> field) const {
    const std::uint8_t* at = body_ + field.byte;
    if constexpr (std::is_same_v<T, bool>) {
      return (*at & field.mask) != 0;
    } else if constexpr (std::is_same_v<T, std::string_view>) {
      return wire::text_at(at);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, Timestamp>) {
      T value{};
      std::memcpy(&value, at, sizeof value);
      return value;
    } else {
      const std::uint64_t pointer = wire::load64(at);
      return T(wire::list_target(at, pointer), wire::list_count(pointer));
    }
  }
  template <class T>
  T operator[](Field<T> field) const {
    return get(field);
  }

 private:
  const std::uint8_t* body_ = nullptr;
  const sage_record* envelope_ = nullptr;
};

// A batch of records of one schema.
class Batch {
 public:
  explicit Batch(const sage_batch* batch, bool resumed = false)
      : batch_(batch),
        records_(batch->records),
        buffers_(batch->buffers),
        rows_(batch->rows),
        size_(batch->rows == nullptr ? batch->count : batch->n_rows),
        resumed_(resumed) {}
  // As it came; mind its `rows`, which all methods here see to.
  const sage_batch* get() const { return batch_; }
  std::uint32_t size() const { return size_; }
  std::uint32_t input() const { return batch_->input; }
  std::int64_t watermark() const { return batch_->watermark; }
  bool writable() const { return (batch_->flags & SAGE_BATCH_WRITABLE) != 0; }
  // True where the last call answered SAGE_MORE and this is the same batch again.
  bool resumed() const { return resumed_; }

  Record operator[](std::uint32_t i) const {
    const sage_record& record = records_[at(i)];
    return {buffers_[record.buf].data + record.off, &record};
  }
  // The same in a batch without a selection, for loops that ask for that beforehand.
  bool whole() const { return rows_ == nullptr; }
  Record of_whole(std::uint32_t i) const {
    const sage_record& record = records_[i];
    return {buffers_[record.buf].data + record.off, &record};
  }
  // The bytes of record i, to be edited in place; only where writable() says so.
  std::uint8_t* edit(std::uint32_t i) const {
    const sage_record& record = records_[at(i)];
    return buffers_[record.buf].data + record.off;
  }
  bool keyed() const { return batch_->keys != nullptr; }
  BytesView key(std::uint32_t i) const {
    const sage_key& key = batch_->keys[at(i)];
    const std::uint32_t buffer =
        batch_->key_buf == SAGE_NO_INDEX ? records_[at(i)].buf : batch_->key_buf;
    return {buffers_[buffer].data + key.off, key.len};
  }

 private:
  std::uint32_t at(std::uint32_t i) const { return rows_ == nullptr ? i : rows_[i]; }

  const sage_batch* batch_;
  // Copied, as a loop would load them again behind each byte that it stores.
  const sage_record* records_;
  const sage_buffer* buffers_;
  const std::uint32_t* rows_;
  std::uint32_t size_;
  bool resumed_;
};

}  // namespace sage
