// Records as JSON objects, one field after the other in schema order: integers exact, floats in
// the shortest form that reads back equal, NaN and infinities as null, data in base64, timestamps
// in RFC 3339, invalid UTF-8 as U+FFFD. [any]
#pragma once

#include "json_text.hpp"
#include "record.hpp"
#include "time.hpp"

namespace sage {

namespace detail {

// Where a field lies, its type apart; SchemaView::field checked by hand.
struct AnyField {
  Type type;
  std::uint32_t byte;
  std::uint8_t mask;
  template <class T>
  T read(Record record) const {
    return record.get(Field<T>{byte, mask});
  }
};
inline AnyField any_field(SchemaView schema, std::uint32_t i) {
  return {schema.type(i), schema.byte(i),
          static_cast<std::uint8_t>(1u << (schema.get()->fields[i].offset % 8))};
}

template <class T, class Append>
void append_json_list(std::string& out, const ListView<T>& list, const Append& append) {
  out += '[';
  for (std::uint32_t i = 0; i < list.size(); ++i) {
    if (i > 0)
      out += ',';
    append(list[i]);
  }
  out += ']';
}

inline void append_json_value(std::string& out, const AnyField& field, Record record,
                              JsonLosses& losses) {
  const auto integer = [&](std::int64_t v) { append_json_int(out, v); };
  const auto real = [&](auto v) { append_json_real(out, v, losses); };
  const auto text = [&](std::string_view v) { append_json_text(out, v, losses); };
  switch (field.type) {
    case Type::kBool:
      out += field.read<bool>(record) ? "true" : "false";
      break;
    case Type::kInt64:
      integer(field.read<std::int64_t>(record));
      break;
    case Type::kFloat64:
      real(field.read<double>(record));
      break;
    case Type::kText:
      text(field.read<std::string_view>(record));
      break;
    case Type::kData:
      out += '"';
      append_base64(out, field.read<BytesView>(record));
      out += '"';
      break;
    case Type::kTimestamp:
      out += '"';
      append_timestamp(out, field.read<Timestamp>(record));
      out += '"';
      break;
    case Type::kListText:
      append_json_list(out, field.read<ListView<std::string_view>>(record), text);
      break;
    case Type::kListInt64:
      append_json_list(out, field.read<ListView<std::int64_t>>(record), integer);
      break;
    case Type::kListFloat64:
      append_json_list(out, field.read<ListView<double>>(record), real);
      break;
    case Type::kListFloat32:
      append_json_list(out, field.read<ListView<float>>(record), real);
      break;
  }
}

}  // namespace detail

// Writes many records of one schema; keeps what every record repeats, and counts the losses.
class JsonWriter {
 public:
  JsonWriter() = default;
  explicit JsonWriter(SchemaView schema) {
    for (std::uint32_t i = 0; i < schema.size(); ++i) {
      add(schema, i);
    }
  }
  // Only these fields, by index, in this order.
  JsonWriter(SchemaView schema, std::span<const std::uint32_t> fields) {
    for (const std::uint32_t i : fields) {
      add(schema, i);
    }
  }
  void append(std::string& out, Record record) {
    if (members_.empty())
      out += '{';
    for (const Member& member : members_) {
      out += member.name;
      detail::append_json_value(out, member.field, record, losses_);
    }
    out += '}';
  }
  const JsonLosses& losses() const { return losses_; }

 private:
  struct Member {
    std::string name;  // with what stands before and behind it
    detail::AnyField field;
  };
  void add(SchemaView schema, std::uint32_t i) {
    std::string name(1, members_.empty() ? '{' : ',');
    name.append("\"").append(schema.name(i)).append("\":");
    members_.push_back({std::move(name), detail::any_field(schema, i)});
  }
  std::vector<Member> members_;
  JsonLosses losses_;
};

// The value of field i.
inline void append_json_value(std::string& out, const SchemaView& schema, std::uint32_t i,
                              const Record& record, JsonLosses& losses) {
  detail::append_json_value(out, detail::any_field(schema, i), record, losses);
}

inline void append_json(std::string& out, const SchemaView& schema, const Record& record,
                        JsonLosses& losses) {
  out += '{';
  for (std::uint32_t i = 0; i < schema.size(); ++i) {
    if (i > 0)
      out += ',';
    out += '"';
    out += schema.name(i);
    out += "\":";
    append_json_value(out, schema, i, record, losses);
  }
  out += '}';
}

}  // namespace sage
