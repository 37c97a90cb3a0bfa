// The stock Cap'n Proto library, given schemas and values as the test kit has them; and random
// ones.
#pragma once

#include <sage/testkit.hpp>

#include <random>
#include <string>
#include <vector>

#include <capnp/dynamic.h>
#include <capnp/message.h>
#include <capnp/schema-parser.h>
#include <kj/filesystem.h>

namespace sage::test {

class Random {
 public:
  explicit Random(std::uint32_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(engine_);
  }
  std::vector<FieldSpec> fields();
  std::int64_t integer() { return static_cast<std::int64_t>(engine_()) >> below(64); }
  double real();
  std::string bytes();
  template <class List, class Make>
  List list(Make make) {
    List result;
    for (std::size_t n = below(6); n > 0; --n) {
      result.push_back(make());
    }
    return result;
  }
  testkit::Value value(Type type);

 private:
  std::mt19937_64 engine_;
};

// The file that the stock compiler reads.
std::string capnp_text(const std::vector<FieldSpec>& fields);

// Compiled by it.
class StockSchema {
 public:
  explicit StockSchema(const std::vector<FieldSpec>& fields);
  capnp::StructSchema get() const { return schema_; }

 private:
  kj::Own<const kj::Directory> folder_;
  capnp::SchemaParser parser_;
  capnp::StructSchema schema_;
};

// The value of a field as the stock library reads it.
testkit::Value stock_value(const capnp::DynamicStruct::Reader& row, const FieldSpec& field);
void stock_set(capnp::DynamicStruct::Builder row, const FieldSpec& field,
               const testkit::Value& value);

}  // namespace sage::test
