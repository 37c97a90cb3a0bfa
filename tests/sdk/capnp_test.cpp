// Our records against the stock Cap'n Proto library: random schemas and values, both ways.
#include "seed.hpp"
#include "stock.hpp"

#include <cmath>

#include <catch2/catch.hpp>

namespace {

using namespace sage::test;
using namespace sage::testkit;
using capnp::DynamicStruct;
using sage::FieldSpec;
using sage::Type;

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
