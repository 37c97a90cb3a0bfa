// Records as JSON objects, one field after the other in schema order: integers exact, floats in
// the shortest form that reads back equal, NaN and infinities as null, data in base64, timestamps
// in RFC 3339, invalid UTF-8 as U+FFFD. [any]
#pragma once

#include "json_text.hpp"
#include "record.hpp"
#include "time.hpp"

namespace sage {

namespace detail {

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

inline void append_json_value(std::string& out, const Slot& field, Record record,
                              JsonLosses& losses) {
  const auto integer = [&](std::int64_t v) { append_json_int(out, v); };
  const auto real = [&](auto v) { append_json_real(out, v, losses); };
  const auto text = [&](std::string_view v) { append_json_text(out, v, losses); };
  switch (field.type) {
    case Type::kBool:
      out += record[field.as<bool>()] ? "true" : "false";
      break;
    case Type::kInt64:
      integer(record[field.as<std::int64_t>()]);
      break;
    case Type::kFloat64:
      real(record[field.as<double>()]);
      break;
    case Type::kText:
      text(record[field.as<std::string_view>()]);
      break;
    case Type::kData:
      out += '"';
      append_base64(out, record[field.as<BytesView>()]);
      out += '"';
      break;
    case Type::kTimestamp:
      out += '"';
      append_timestamp(out, record[field.as<Timestamp>()]);
      out += '"';
      break;
    case Type::kListText:
      append_json_list(out, record[field.as<ListView<std::string_view>>()], text);
      break;
    case Type::kListInt64:
      append_json_list(out, record[field.as<ListView<std::int64_t>>()], integer);
      break;
    case Type::kListFloat64:
      append_json_list(out, record[field.as<ListView<double>>()], real);
      break;
    case Type::kListFloat32:
      append_json_list(out, record[field.as<ListView<float>>()], real);
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
    Slot field;
  };
  void add(SchemaView schema, std::uint32_t i) {
    std::string name(1, members_.empty() ? '{' : ',');
    name.append("\"").append(schema.name(i)).append("\":");
    members_.push_back({std::move(name), schema.slot(i)});
  }
  std::vector<Member> members_;
  JsonLosses losses_;
};

// The value of field i.
inline void append_json_value(std::string& out, const SchemaView& schema, std::uint32_t i,
                              const Record& record, JsonLosses& losses) {
  detail::append_json_value(out, schema.slot(i), record, losses);
}

}  // namespace sage
