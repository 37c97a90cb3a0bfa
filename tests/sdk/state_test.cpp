#include <sage/testkit.hpp>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::testkit::Harness;
using Lines = std::vector<std::string>;

// Sums `x` per key in slots whose size is an option, and joins `line` in blobs.
class Sums {
 public:
  static sage::Options options() { return {sage::option("bytes", sage::kInt).required()}; }
  Sums(sage::Context& ctx, const sage::Config& config)
      : bytes_(static_cast<std::uint32_t>(config.integer("bytes"))),
        sums_(ctx.keyed_bytes("sums", bytes_)),
        texts_(ctx.keyed_blob("texts")),
        key_(ctx.input(), ctx.keys(), ctx.output()) {}
  void process(sage::Batch batch, sage::Out&) {
    void* const* const slots = sums_.slots(batch);
    void* const* const texts = texts_.slots(batch);
    for (std::uint32_t i = 0; i < batch.size(); ++i) {
      auto* const sums = static_cast<std::int64_t*>(slots[i]);
      for (std::uint32_t k = 0; k < bytes_ / 8; ++k) {
        sums[k] += batch[i][x_];
      }
      texts_.append(*static_cast<sage_blob*>(texts[i]), sage::as_bytes("."));
    }
  }
  void open(sage::Context& ctx) { x_ = ctx.input().field<std::int64_t>("x"); }
  void finish(sage::Out& out) {
    sums_.scan(cursor_, [&](sage::BytesView key, void* slot) {
      sage::Row& row = out.row();
      row.begin();
      key_.write(row, key);
      row.set(row.schema().field<std::int64_t>("x"),
              static_cast<std::int64_t*>(slot)[bytes_ / 8 - 1]);
      row.end();
      return true;
    });
  }

 private:
  std::uint32_t bytes_;
  sage::KeyedBytes sums_;
  sage::KeyedBlob texts_;
  sage::KeyFields key_;
  sage::Field<std::int64_t> x_;
  sage::KeyCursor cursor_;
};

Harness sums(int bytes) {
  return {sage::operator_of<Sums>("sums", ""),
          {.options = {{"bytes", bytes}},
           .inputs = {{{"k", Type::kFloat64}, {"x", Type::kInt64}}},
           .keys = {"k"}}};
}

struct NeedsField {
  static sage::Options options() { return {sage::option("field", sage::kField)}; }
  static void resolve(sage::Resolve& resolve, const sage::Config& config) {
    resolve.require<std::string_view>("field", config.text("field"));
  }
  void write(sage::Record) {}
};

std::vector<std::string> lint(const char* field) {
  return sage::testkit::lint(
             sage::operator_of<NeedsField>("needs", ""),
             {.options = {{"field", field}},
              .inputs = {{{"user_id", Type::kText}, {"page", Type::kText}, {"n", Type::kInt64}}}})
      .errors;
}

}  // namespace

TEST_CASE("keyed slots may have a size that is known at run time only", "[sdk]") {
  for (const int bytes : {8, 24, 4096}) {
    Harness h = sums(bytes);
    h.push({{{"k", 1.0}, {"x", 1}}, {{"k", 2.0}, {"x", 5}}, {{"k", 1.0}, {"x", 2}}});
    h.push({{{"k", 1.0}, {"x", 4}}});
    h.end();
    CHECK(h.json() == Lines{R"({"k":2,"x":5})", R"({"k":1,"x":7})"});
  }
  CHECK_THROWS_AS(sums(4097), sage::Failure);
  CHECK_THROWS_AS(sums(0), sage::Failure);
}

TEST_CASE("every NaN is one key, as in the engine", "[sdk]") {
  Harness h = sums(8);
  h.push({{{"k", std::nan("1")}, {"x", 1}}, {{"k", -std::nan("2")}, {"x", 2}}});
  h.end();
  CHECK(h.json() == Lines{R"({"k":null,"x":3})"});
}

TEST_CASE("a field that is not there is told with the one that was probably meant", "[sdk]") {
  CHECK(lint("user_id").empty());
  CHECK(lint("userid") ==
        Lines{"field: the input has no field 'userid' (did you mean 'user_id'?)"});
  CHECK(lint("pgae") == Lines{"field: the input has no field 'pgae' (did you mean 'page'?)"});
  CHECK(lint("pages") == Lines{"field: the input has no field 'pages' (did you mean 'page'?)"});
  CHECK(lint("city") == Lines{"field: the input has no field 'city' (known: user_id, page, n)"});
}

TEST_CASE("a field name has letters, digits and underscores, and no digit first", "[sdk]") {
  for (const char* name : {"a", "_", "A9_z"}) {
    CHECK(sage::is_field_name(name));
  }
  for (const char* name : {"", "9a", "a-b", "a b", "\xc3\xa4"}) {
    CHECK_FALSE(sage::is_field_name(name));
  }
  CHECK(sage::is_field_name(std::string(63, 'a')));
  CHECK_FALSE(sage::is_field_name(std::string(64, 'a')));
}
