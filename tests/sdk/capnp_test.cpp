// Our records against the stock Cap'n Proto library: random schemas and values, both ways.
#include "seed.hpp"

#include <sage/testkit.hpp>

#include <cmath>
#include <random>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema-parser.h>
#include <catch2/catch.hpp>
#include <kj/filesystem.h>

namespace {

using namespace sage::testkit;
using capnp::DynamicList;
using capnp::DynamicStruct;
using sage::FieldSpec;
using sage::Type;

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_);
  }
  std::vector<FieldSpec> fields() {
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
  std::int64_t integer() { return static_cast<std::int64_t>(engine_()) >> below(64); }
  double real() {
    const double special[] = {0.0, -0.0, HUGE_VAL, -HUGE_VAL, 5e-324, 0.1};
    return below(3) == 0
               ? special[below(6)]
               : std::ldexp(static_cast<double>(integer()), static_cast<int>(below(40)) - 20);
  }
  std::string bytes() {
    std::string text(below(3) == 0 ? 0 : below(40), '\0');
    for (char& c : text) {
      c = static_cast<char>(below(256));
    }
    return text;
  }
  template <class List, class Make>
  List list(Make make) {
    List result;
    for (std::size_t n = below(6); n > 0; --n) {
      result.push_back(make());
    }
    return result;
  }
  Value value(Type type) {
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

 private:
  std::mt19937_64 engine_;
};

const char* capnp_type(Type type) {
  const char* const names[] = {
      "",      "Bool",       "Int64",       "Float64",       "Text",         "Data",
      "Int64", "List(Text)", "List(Int64)", "List(Float64)", "List(Float32)"};
  return names[static_cast<std::size_t>(type)];
}

std::string capnp_text(const std::vector<FieldSpec>& fields) {
  std::string text = "@0x9eb32e19f86ee174;\nstruct Row {\n";
  for (std::size_t i = 0; i < fields.size(); ++i) {
    text += "  " + fields[i].name + " @" + std::to_string(i) + " :" + capnp_type(fields[i].type) +
            ";\n";
  }
  return text + "}\n";
}

// Compiled by the stock compiler.
class StockSchema {
 public:
  explicit StockSchema(const std::vector<FieldSpec>& fields)
      : folder_(kj::newInMemoryDirectory(kj::nullClock())) {
    const std::string text = capnp_text(fields);
    folder_->openFile(kj::Path("row.capnp"), kj::WriteMode::CREATE)
        ->writeAll(kj::StringPtr(text.c_str()));
    schema_ = parser_.parseFromDirectory(*folder_, kj::Path("row.capnp"), nullptr)
                  .getNested("Row")
                  .asStruct();
  }
  capnp::StructSchema get() const { return schema_; }

 private:
  kj::Own<const kj::Directory> folder_;
  capnp::SchemaParser parser_;
  capnp::StructSchema schema_;
};

std::string text_of(capnp::Text::Reader text) { return {text.begin(), text.size()}; }

template <class List, class Item>
Value list_of(const DynamicList::Reader& list, Item item) {
  List result;
  for (const auto& value : list) {
    result.push_back(item(value));
  }
  return result;
}

// The value of a field as the stock library reads it.
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

// Equal, where -0.0 is another value than 0.0.
bool same(const Value& a, const Value& b, Type type) {
  return a == b && (type != Type::kFloat64 || std::signbit(a.real()) == std::signbit(b.real()));
}

void check_layout(capnp::StructSchema stock, const std::vector<FieldSpec>& fields) {
  const sage::Layout ours = sage::layout(fields);
  const auto node = stock.getProto().getStruct();
  CHECK(ours.data_words == node.getDataWordCount());
  CHECK(ours.ptr_words == node.getPointerCount());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CHECK(ours.offsets[i] ==
          stock.getFieldByName(fields[i].name.c_str()).getProto().getSlot().getOffset());
  }
}

// Ours, behind a root word, read by the stock library.
void check_our_record(capnp::StructSchema stock, const sage::SchemaTable& schema,
                      const Fields& fields) {
  const InputBatch batch(schema.get(), {fields}, {});
  const auto payload = sage::Batch(batch.get())[0].payload();
  sage::testkit::check_record(schema.get(), payload);
  std::vector<std::uint64_t> words(1 + payload.size() / 8);
  words[0] = (std::uint64_t{schema.get()->data_words} << 32) |
             (std::uint64_t{schema.get()->ptr_words} << 48);
  if (!payload.empty())
    std::memcpy(&words[1], payload.data(), payload.size());
  const kj::ArrayPtr<const capnp::word> segment(reinterpret_cast<const capnp::word*>(words.data()),
                                                words.size());
  const kj::ArrayPtr<const capnp::word> segments[] = {segment};
  capnp::SegmentArrayMessageReader reader(segments);
  const auto row = reader.getRoot<DynamicStruct>(stock);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CHECK(same(stock_value(row, schema.fields()[i]), fields[i].second, schema.fields()[i].type));
  }
}

// The stock library's, without its root word, read by ours.
void check_stock_record(capnp::StructSchema stock, const sage::SchemaTable& schema,
                        const Fields& fields) {
  capnp::MallocMessageBuilder message(1u << 14);
  auto row = message.initRoot<DynamicStruct>(stock);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    stock_set(row, schema.fields()[i], fields[i].second);
  }
  const auto segments = message.getSegmentsForOutput();
  REQUIRE(segments.size() == 1);
  const auto bytes = segments[0].asBytes().slice(8, segments[0].asBytes().size());
  sage::testkit::check_record(schema.get(), {bytes.begin(), bytes.size()});
  const sage_record envelope = {0, 0, 0, static_cast<std::uint32_t>(bytes.size()), 0, 0};
  const Fields read = get_fields(schema.get(), {bytes.begin(), &envelope});
  for (std::size_t i = 0; i < fields.size(); ++i) {
    CHECK(same(read[i].second, fields[i].second, schema.fields()[i].type));
  }
}

}  // namespace

TEST_CASE("records agree with the stock Cap'n Proto library in both directions", "[sdk]") {
  const std::uint32_t seed = sage::test::seed(std::random_device()());
  CAPTURE(seed);
  Random random(seed);
  for (int round = 0; round < 60; ++round) {
    const std::vector<FieldSpec> specs = random.fields();
    CAPTURE(round, capnp_text(specs));
    const StockSchema stock(specs);
    const sage::SchemaTable schema(specs);
    check_layout(stock.get(), specs);
    for (int i = 0; i < 5; ++i) {
      Fields fields;
      for (const FieldSpec& spec : specs) {
        fields.emplace_back(spec.name, random.value(spec.type));
      }
      check_our_record(stock.get(), schema, fields);
      check_stock_record(stock.get(), schema, fields);
    }
  }
}
