// Structs as records: where their members lie and what they become, against the stock Cap'n Proto
// library.
#include "seed.hpp"
#include "stock.hpp"

#include <sage/pipeline/codec.hpp>

#include <catch2/catch.hpp>

namespace {

using namespace sage::test;
using namespace sage::testkit;
using sage::Bytes;
using sage::BytesView;
using sage::Timestamp;
using std::int64_t;

struct All {
  bool flag;
  int64_t n;
  double x;
  std::string text;
  Bytes data;
  Timestamp at;
  std::vector<std::string> texts;
  std::vector<int64_t> ints;
  std::vector<double> reals;
  std::vector<float> floats;
  bool operator==(const All&) const = default;
};
SAGE_RECORD(All, flag, n, x, text, data, at, texts, ints, reals, floats);

// Declared in another order than they are named.
struct Turned {
  std::vector<float> a;
  bool b;
  std::string c;
  bool d;
  Timestamp e;
  bool operator==(const Turned&) const = default;
};
SAGE_RECORD(Turned, e, d, c, b, a);

// Bits fill holes, and then a word of their own.
struct Bits {
  bool a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9;
  bool c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9;
  bool e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9;
  int64_t n;
  double x;
  bool g0, g1, g2, g3, g4, g5, g6, g7, g8, g9;
  std::string text;
  bool operator==(const Bits&) const = default;
};
SAGE_RECORD(Bits, a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, b0, b1, b2, b3, b4, b5, b6, b7, b8, b9, n,
            c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, d0, d1, d2, d3, d4, d5, d6, d7, d8, d9, text,
            e0, e1, e2, e3, e4, e5, e6, e7, e8, e9, f0, f1, f2, f3, f4, f5, f6, f7, f8, f9, x, g0,
            g1, g2, g3, g4, g5, g6, g7, g8, g9);

struct OnlyLists {
  std::vector<std::string> a, b;
  std::vector<int64_t> c;
  Bytes d;
  bool operator==(const OnlyLists&) const = default;
};
SAGE_RECORD(OnlyLists, a, b, c, d);

struct Base {
  std::string name;
  bool operator==(const Base&) const = default;
};
struct Derived : Base {
  int64_t n;
  bool operator==(const Derived&) const = default;
};
SAGE_RECORD(Derived, n, name);

void fill(Random& random, bool& to) { to = random.below(2) == 1; }
void fill(Random& random, int64_t& to) { to = random.integer(); }
void fill(Random& random, double& to) { to = random.real(); }
void fill(Random& random, float& to) { to = static_cast<float>(random.real()); }
void fill(Random& random, Timestamp& to) { to.ns = random.integer(); }
void fill(Random& random, std::string& to) { to = random.bytes(); }
void fill(Random& random, std::uint8_t& to) { to = static_cast<std::uint8_t>(random.below(256)); }
template <class T>
void fill(Random& random, std::vector<T>& to) {
  to.assign(random.below(4) == 0 ? 0 : random.below(20), T());
  for (T& item : to) {
    fill(random, item);
  }
}

// A member as the test kit has it.
Value value_of(bool v) { return v; }
Value value_of(int64_t v) { return v; }
Value value_of(double v) { return v; }
Value value_of(Timestamp v) { return v; }
Value value_of(const std::string& v) { return v; }
Value value_of(const Bytes& v) { return sage::as_text(v); }
Value value_of(const std::vector<int64_t>& v) { return v; }
Value value_of(const std::vector<double>& v) { return v; }
Value value_of(const std::vector<float>& v) { return ListOfReal(v.begin(), v.end()); }

template <class T>
bool is_empty(const T& value) {
  if constexpr (requires { value.empty(); }) {
    return value.empty();
  } else {
    return false;
  }
}

// What is empty is no pointer with us; the stock library writes one where it is told to set it.
template <class T>
void set_stock(capnp::DynamicStruct::Builder row, const sage::FieldSpec& field, const T& value) {
  if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    auto list = row.init(field.name.c_str(), static_cast<capnp::uint>(value.size()))
                    .template as<capnp::DynamicList>();
    for (capnp::uint i = 0; i < value.size(); ++i) {
      if (!value[i].empty()) {
        list.set(i, capnp::Text::Reader(value[i].c_str(), value[i].size()));
      }
    }
  } else {
    stock_set(row, field, value_of(value));
  }
}

template <class T>
Bytes stock_bytes(const StockSchema& stock, const T& record) {
  capnp::MallocMessageBuilder message(1u << 14);
  auto row = message.initRoot<capnp::DynamicStruct>(stock.get());
  const std::vector<sage::FieldSpec> specs = sage::field_specs<T>();
  sage::for_each_member<T>([&](const auto& member, auto i) {
    if (!is_empty(member.of(record))) {
      set_stock(row, specs[i], member.of(record));
    }
  });
  const auto segments = message.getSegmentsForOutput();
  REQUIRE(segments.size() == 1);
  const auto bytes = segments[0].asBytes();
  return {bytes.begin() + 8, bytes.end()};  // behind the root word
}

Bytes copy(BytesView bytes) { return {bytes.begin(), bytes.end()}; }

template <class T>
void check_layout(const StockSchema& stock) {
  const auto node = stock.get().getProto().getStruct();
  CHECK(sage::kLayout<T>.data_words == node.getDataWordCount());
  CHECK(sage::kLayout<T>.ptr_words == node.getPointerCount());
  sage::for_each_member<T>([&](const auto& member, auto i) {
    CAPTURE(member.name);
    CHECK(sage::kLayout<T>.offsets[i] ==
          stock.get().getFieldByName(member.name).getProto().getSlot().getOffset());
  });
}

}  // namespace

TEMPLATE_TEST_CASE("a struct becomes the bytes that the stock library makes of it, and back",
                   "[sdk]", All, Turned, Bits, OnlyLists, Derived) {
  const std::vector<sage::FieldSpec> specs = sage::field_specs<TestType>();
  const StockSchema stock(specs);
  const sage::SchemaTable schema(specs);
  check_layout<TestType>(stock);
  const std::uint32_t seed = sage::test::seed(std::random_device()());
  CAPTURE(seed, capnp_text(specs));
  Random random(seed);
  sage::BodyWriter writer;
  TestType read{};  // used again and again: nothing of the value before may stay
  for (int round = 0; round < 300; ++round) {
    TestType value{};
    sage::for_each_member<TestType>(
        [&](const auto& member, auto) { fill(random, member.of(value)); });
    const Bytes bytes = copy(sage::encode(value, writer));
    REQUIRE(bytes == stock_bytes(stock, value));
    REQUIRE_NOTHROW(sage::testkit::check_record(schema.get(), bytes));
    sage::decode(bytes, read);
    REQUIRE(read == value);
  }
}

TEST_CASE("an empty struct is zeroes, and zeroes are one", "[sdk]") {
  sage::BodyWriter writer;
  const Bytes bytes = copy(sage::encode(All{}, writer));
  CHECK(bytes == Bytes(sage::kLayout<All>.body_bytes(), 0));
  All read{true, 1, 2, "x", {1}, {3}, {"y"}, {4}, {5}, {6}};
  sage::decode(bytes, read);
  CHECK(read == All{});
}

TEST_CASE("a struct with some fields of a schema reads those, by name", "[sdk]") {
  const sage::SchemaTable wide({{"other", sage::Type::kBool},
                                {"name", sage::Type::kText},
                                {"more", sage::Type::kFloat64},
                                {"n", sage::Type::kInt64}});
  const InputBatch batch(wide.get(), {{{"n", 7}, {"name", "seven"}, {"more", 1.5}}}, {});
  const sage::Places<Derived> places{sage::SchemaView(wide.get())};
  Derived read{};
  sage::read_record(places, sage::Batch(batch.get())[0], read);
  CHECK(read == Derived{{"seven"}, 7});

  const sage::SchemaTable lacking({{"name", sage::Type::kText}});
  CHECK_THROWS_AS(sage::Places<Derived>(sage::SchemaView(lacking.get())), sage::Failure);
  const sage::SchemaTable other({{"name", sage::Type::kData}, {"n", sage::Type::kInt64}});
  CHECK_THROWS_AS(sage::Places<Derived>(sage::SchemaView(other.get())), sage::Failure);
}

TEST_CASE("a bare value is the record with the one field value", "[sdk]") {
  CHECK(sage::field_specs<std::string>() ==
        std::vector<sage::FieldSpec>{{"value", sage::Type::kText}});
  CHECK(sage::field_specs<std::vector<float>>() ==
        std::vector<sage::FieldSpec>{{"value", sage::Type::kListFloat32}});
  sage::BodyWriter writer;
  std::string read;
  sage::decode(copy(sage::encode(std::string("a\0b", 3), writer)), read);
  CHECK(read == std::string("a\0b", 3));
  bool flag = false;
  sage::decode(copy(sage::encode(true, writer)), flag);
  CHECK(flag);
}

TEST_CASE("members have names, also those of a base", "[sdk]") {
  CHECK(std::string(sage::member_name<Derived>(&Derived::n)) == "n");
  CHECK(std::string(sage::member_name<Derived>(&Derived::name)) == "name");
  CHECK(std::string(sage::member_name<Turned>(&Turned::b)) == "b");
  CHECK(std::string(sage::member_name<Turned>(&Turned::d)) == "d");
}

TEST_CASE("a value of over 16 MiB is an error of its record", "[sdk]") {
  sage::BodyWriter writer;
  CHECK_THROWS_AS(sage::encode(std::string(SAGE_MAX_RECORD, 'x'), writer), sage::RecordError);
  CHECK_NOTHROW(sage::encode(std::string(SAGE_MAX_RECORD - 100, 'x'), writer));
}
