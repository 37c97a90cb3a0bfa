#include "stock.hpp"

#include <cmath>

namespace sage::test {

using namespace testkit;
using capnp::DynamicList;
using capnp::DynamicStruct;

std::vector<FieldSpec> Random::fields() {
  std::vector<FieldSpec> result;
  const std::size_t n = below(24);
  const bool many_bools = below(4) == 0;
  for (std::size_t i = 0; i < (many_bools ? 6 * n : n); ++i) {
    const bool flag = many_bools && below(8) != 0;
    result.push_back(
        {"f" + std::to_string(i), flag ? Type::kBool : static_cast<Type>(1 + below(10))});
  }
  return result;
}
double Random::real() {
  const double special[] = {0.0, -0.0, HUGE_VAL, -HUGE_VAL, 5e-324, 0.1};
  return below(3) == 0
             ? special[below(6)]
             : std::ldexp(static_cast<double>(integer()), static_cast<int>(below(40)) - 20);
}
std::string Random::bytes() {
  std::string text(below(3) == 0 ? 0 : below(40), '\0');
  for (char& c : text) {
    c = static_cast<char>(below(256));
  }
  return text;
}
Value Random::value(Type type) {
  switch (type) {
    case Type::kBool:
      return below(2) == 1;
    case Type::kInt64:
    case Type::kTimestamp:
      return integer();
    case Type::kFloat64:
      return real();
    case Type::kText:
    case Type::kData:
      return bytes();
    case Type::kListText:
      return list<ListOfText>([&] { return bytes(); });
    case Type::kListInt64:
      return list<ListOfInt>([&] { return integer(); });
    case Type::kListFloat64:
      return list<ListOfReal>([&] { return real(); });
    case Type::kListFloat32:
      return list<ListOfReal>([&] { return static_cast<double>(static_cast<float>(real())); });
  }
  return false;
}

namespace {

const char* capnp_type(Type type) {
  const char* const names[] = {
      "",      "Bool",       "Int64",       "Float64",       "Text",         "Data",
      "Int64", "List(Text)", "List(Int64)", "List(Float64)", "List(Float32)"};
  return names[static_cast<std::size_t>(type)];
}

std::string text_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }

template <class List, class Item>
Value list_of(const DynamicList::Reader& list, Item item) {
  List result;
  for (const auto& value : list) {
    result.push_back(item(value));
  }
  return result;
}

template <class List>
void stock_set_list(DynamicStruct::Builder row, const FieldSpec& field, const List& values) {
  auto list =
      row.init(field.name.c_str(), static_cast<capnp::uint>(values.size())).as<DynamicList>();
  for (capnp::uint i = 0; i < values.size(); ++i) {
    if constexpr (std::is_same_v<List, ListOfText>) {
      list.set(i, capnp::Text::Reader(values[i].c_str(), values[i].size()));
    } else {
      list.set(i, values[i]);
    }
  }
}

}  // namespace

std::string capnp_text(const std::vector<FieldSpec>& fields) {
  std::string text = "@0x9eb32e19f86ee174;\nstruct Row {\n";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    text += "  " + fields[i].name + " @" + std::to_string(i) + " :" + capnp_type(fields[i].type) +
            ";\n";
  }
  return text + "}\n";
}

StockSchema::StockSchema(const std::vector<FieldSpec>& fields)
    : folder_(kj::newInMemoryDirectory(kj::nullClock())) {
  const std::string text = capnp_text(fields);
  folder_->openFile(kj::Path("row.capnp"), kj::WriteMode::CREATE)
      ->writeAll(kj::StringPtr(text.c_str()));
  schema_ = parser_.parseFromDirectory(*folder_, kj::Path("row.capnp"), nullptr)
                .getNested("Row")
                .asStruct();
}

Value stock_value(const DynamicStruct::Reader& row, const FieldSpec& field) {
  const auto value = row.get(field.name.c_str());
  switch (field.type) {
    case Type::kBool:
      return value.as<bool>();
    case Type::kInt64:
    case Type::kTimestamp:
      return value.as<std::int64_t>();
    case Type::kFloat64:
      return value.as<double>();
    case Type::kText:
      return text_of(value.as<capnp::Text>());
    case Type::kData: {
      const auto data = value.as<capnp::Data>();
      return std::string(data.asChars().begin(), data.size());
    }
    case Type::kListText:
      return list_of<ListOfText>(value.as<DynamicList>(),
                                 [](auto v) { return text_of(v.template as<capnp::Text>()); });
    case Type::kListInt64:
      return list_of<ListOfInt>(value.as<DynamicList>(),
                                [](auto v) { return v.template as<std::int64_t>(); });
    default:
      return list_of<ListOfReal>(value.as<DynamicList>(),
                                 [](auto v) { return v.template as<double>(); });
  }
}

void stock_set(DynamicStruct::Builder row, const FieldSpec& field, const Value& value) {
  const char* const name = field.name.c_str();
  switch (field.type) {
    case Type::kBool:
      return row.set(name, value.boolean());
    case Type::kInt64:
    case Type::kTimestamp:
      return row.set(name, value.integer());
    case Type::kFloat64:
      return row.set(name, value.real());
    case Type::kText:
      return row.set(name, capnp::Text::Reader(value.text().c_str(), value.text().size()));
    case Type::kData: {
      const auto bytes = sage::as_bytes(value.text());
      return row.set(name, capnp::Data::Reader(bytes.data(), bytes.size()));
    }
    case Type::kListText:
      return stock_set_list(row, field, value.get<ListOfText>());
    case Type::kListInt64:
      return stock_set_list(row, field, value.get<ListOfInt>());
    default:
      return stock_set_list(row, field, value.get<ListOfReal>());
  }
}

}  // namespace sage::test
