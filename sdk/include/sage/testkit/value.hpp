// Field values as tests write them, rows of named values, and both ways between rows and records.
#pragma once

#include "../json.hpp"
#include "../layout.hpp"
#include "../out.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace sage::testkit {

using ListOfText = std::vector<std::string>;
using ListOfInt = std::vector<std::int64_t>;
using ListOfReal = std::vector<double>;

// A value; numbers convert to what the field wants. Data is a text here, a timestamp an integer,
// list<float32> a list of doubles.
class Value {
 public:
  Value(bool v) : v_(v) {}
  template <std::integral I>
  Value(I v) : v_(static_cast<std::int64_t>(v)) {}
  Value(double v) : v_(v) {}
  Value(const char* v) : v_(std::string(v)) {}
  Value(std::string_view v) : v_(std::string(v)) {}
  Value(std::string v) : v_(std::move(v)) {}
  Value(Timestamp v) : v_(v.ns) {}
  Value(ListOfText v) : v_(std::move(v)) {}
  Value(ListOfInt v) : v_(std::move(v)) {}
  Value(ListOfReal v) : v_(std::move(v)) {}
  bool operator==(const Value&) const = default;

  std::int64_t integer() const { return get<std::int64_t>(); }
  bool boolean() const { return get<bool>(); }
  const std::string& text() const { return get<std::string>(); }
  double real() const {
    const auto* whole = std::get_if<std::int64_t>(&v_);
    return whole != nullptr ? static_cast<double>(*whole) : get<double>();
  }
  template <class T>
  const T& get() const {
    const T* value = std::get_if<T>(&v_);
    if (value == nullptr) {
      throw Failure("testkit: a value of another type was expected");
    }
    return *value;
  }
  ListOfReal reals() const {
    const auto* whole = std::get_if<ListOfInt>(&v_);
    return whole != nullptr ? ListOfReal(whole->begin(), whole->end()) : get<ListOfReal>();
  }

 private:
  std::variant<bool, std::int64_t, double, std::string, ListOfText, ListOfInt, ListOfReal> v_;
};

using Fields = std::vector<std::pair<std::string, Value>>;
using Rows = std::vector<Fields>;

namespace detail {

inline void set_value(Row& row, std::uint32_t i, const Value& value) {
  const SchemaView s = row.schema();
  switch (s.type(i)) {
    case Type::kBool:
      return row.set(s.field<bool>(i), value.boolean());
    case Type::kInt64:
      return row.set(s.field<std::int64_t>(i), value.integer());
    case Type::kFloat64:
      return row.set(s.field<double>(i), value.real());
    case Type::kText:
      return row.set(s.field<std::string_view>(i), value.text());
    case Type::kData:
      return row.set(s.field<BytesView>(i), as_bytes(value.text()));
    case Type::kTimestamp:
      return row.set(s.field<Timestamp>(i), Timestamp{value.integer()});
    case Type::kListText:
      return row.set(s.field<ListView<std::string_view>>(i), value.get<ListOfText>());
    case Type::kListInt64:
      return row.set(s.field<ListView<std::int64_t>>(i), value.get<ListOfInt>());
    case Type::kListFloat64:
      return row.set(s.field<ListView<double>>(i), value.reals());
    case Type::kListFloat32: {
      const ListOfReal reals = value.reals();
      return row.set(s.field<ListView<float>>(i), std::vector<float>(reals.begin(), reals.end()));
    }
  }
}

inline Value get_value(SchemaView s, std::uint32_t i, Record r) {
  const auto list = [](auto view, auto empty) {
    for (const auto& item : view) {
      empty.emplace_back(item);
    }
    return Value(std::move(empty));
  };
  switch (s.type(i)) {
    case Type::kBool:
      return r[s.field<bool>(i)];
    case Type::kInt64:
      return r[s.field<std::int64_t>(i)];
    case Type::kFloat64:
      return r[s.field<double>(i)];
    case Type::kText:
      return r[s.field<std::string_view>(i)];
    case Type::kData:
      return as_text(r[s.field<BytesView>(i)]);
    case Type::kTimestamp:
      return r[s.field<Timestamp>(i)];
    case Type::kListText:
      return list(r[s.field<ListView<std::string_view>>(i)], ListOfText());
    case Type::kListInt64:
      return list(r[s.field<ListView<std::int64_t>>(i)], ListOfInt());
    case Type::kListFloat64:
      return list(r[s.field<ListView<double>>(i)], ListOfReal());
    case Type::kListFloat32:
      return list(r[s.field<ListView<float>>(i)], ListOfReal());
  }
  return false;
}

}  // namespace detail

// Sets the named fields of the row being written; the others stay zero or empty.
inline void set_fields(Row& row, const Fields& fields) {
  for (const auto& [name, value] : fields) {
    const auto i = row.schema().find(name);
    if (!i) {
      throw Failure("testkit: the schema has no field '" + name + "'");
    }
    detail::set_value(row, *i, value);
  }
}

inline Fields get_fields(SchemaView schema, Record record) {
  Fields fields;
  for (std::uint32_t i = 0; i < schema.size(); ++i) {
    fields.emplace_back(schema.name(i), detail::get_value(schema, i, record));
  }
  return fields;
}

// A row that came out of an operator.
struct OutputRow {
  Fields fields;
  std::int64_t ts = SAGE_NO_TS;
  std::string json;
  std::vector<std::uint8_t> payload;
};

}  // namespace sage::testkit
