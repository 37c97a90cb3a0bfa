#include <sage/json.hpp>
#include <sage/testkit.hpp>
#include <sage/time.hpp>

#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using std::string_literals::operator""s;

std::string json_text(std::string_view text, std::uint64_t expected_losses = 0) {
  std::string out;
  sage::JsonLosses losses;
  sage::append_json_text(out, text, losses);
  CHECK(losses.replaced == expected_losses);
  return out;
}

template <class Real>
std::string json_real(Real x) {
  std::string out;
  sage::JsonLosses losses;
  sage::append_json_real(out, x, losses);
  CHECK(losses.not_finite == (std::isfinite(x) ? 0 : 1));
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out;
  sage::append_base64(out, sage::as_bytes(bytes));
  return out;
}

std::string time_text(std::int64_t ns) {
  std::string out;
  sage::append_timestamp(out, {ns});
  return out;
}

std::int64_t time_ns(std::string_view text) {
  const auto parsed = sage::parse_timestamp(text);
  REQUIRE(parsed.has_value());
  return parsed->ns;
}

constexpr std::int64_t kMin = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

}  // namespace

TEST_CASE("text keeps what is UTF-8 and gets U+FFFD for the rest") {
  std::string out;
  sage::JsonLosses losses;
  sage::append_utf8(out, "a\"\n\xc3\xbc\xff\xe2\x82z\xed\xa0\x80"s, losses);
  CHECK(out == "a\"\n\xc3\xbc\xef\xbf\xbd\xef\xbf\xbdz\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
  CHECK(losses.replaced == 5);
}

TEST_CASE("JSON texts escape what JSON wants and keep the rest", "[sdk]") {
  CHECK(json_text("") == R"("")");
  CHECK(json_text("plain text of more than eight bytes") ==
        R"("plain text of more than eight bytes")");
  CHECK(json_text("a\"b\\c/\n\r\t") == R"("a\"b\\c/\n\r\t")");
  CHECK(json_text("nul\0mid and \x1f\x7f"s) == "\"nul\\u0000mid and \\u001f\x7f\"");
  CHECK(json_text("grüße 語 😀") == "\"grüße 語 😀\"");
  for (int c = 0; c < 128; ++c) {  // each place in a word, each character
    const std::string around = "0123456" + std::string(1, static_cast<char>(c)) + "89abcdef";
    const std::string out = json_text(around);
    CHECK((out.size() == around.size() + 2) == (c >= 0x20 && c != '"' && c != '\\'));
  }
}

TEST_CASE("JSON texts replace invalid UTF-8 and count it", "[sdk]") {
  const std::string r = "\xef\xbf\xbd";
  CHECK(json_text("a\xff"
                  "b",
                  1) == "\"a" + r + "b\"");
  CHECK(json_text("\xc3", 1) == "\"" + r + "\"");
  CHECK(json_text("\xe8\xaa", 1) == "\"" + r + "\"");  // a cut sequence is one
  CHECK(json_text("\xf0\x9f\x98x", 1) == "\"" + r + "x\"");
  CHECK(json_text("\xc0\xaf", 2) == "\"" + r + r + "\"");  // overlong
  CHECK(json_text("\xe0\x80\x80", 3) == "\"" + r + r + r + "\"");
  CHECK(json_text("\xed\xa0\x80", 3) == "\"" + r + r + r + "\"");          // a surrogate
  CHECK(json_text("\xf4\x90\x80\x80", 4) == "\"" + r + r + r + r + "\"");  // above U+10FFFF
  CHECK(json_text("\xf4\x8f\xbf\xbf", 0) == "\"\xf4\x8f\xbf\xbf\"");
  CHECK(json_text("\x80", 1) == "\"" + r + "\"");
}

TEST_CASE("JSON numbers are exact and shortest", "[sdk]") {
  std::string ints;
  sage::append_json_int(ints, kMin);
  CHECK(ints == "-9223372036854775808");
  CHECK(json_real(0.1) == "0.1");
  CHECK(json_real(1.0) == "1");
  CHECK(json_real(-0.0) == "-0");
  CHECK(json_real(1e22) == "1e+22");
  CHECK(json_real(5e-324) == "5e-324");
  CHECK(json_real(0.1f) == "0.1");
  CHECK(json_real(std::numeric_limits<double>::max()) == "1.7976931348623157e+308");
  CHECK(json_real(std::nan("")) == "null");
  CHECK(json_real(-std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("base64 pads", "[sdk]") {
  CHECK(base64("") == "");
  CHECK(base64("f") == "Zg==");
  CHECK(base64("fo") == "Zm8=");
  CHECK(base64("foo") == "Zm9v");
  CHECK(base64("foob") == "Zm9vYg==");
  CHECK(base64("\xff\xfe\xfd") == "//79");
}

TEST_CASE("a record prints its fields in schema order", "[sdk]") {
  using namespace sage::testkit;
  const sage::SchemaTable schema({{"b", Type::kBool},
                                  {"i", Type::kInt64},
                                  {"x", Type::kFloat64},
                                  {"t", Type::kText},
                                  {"d", Type::kData},
                                  {"w", Type::kTimestamp},
                                  {"lt", Type::kListText},
                                  {"lx", Type::kListFloat64},
                                  {"lf", Type::kListFloat32}});
  const sage::SchemaTable empty({});
  const Rows rows = {{{"b", true},
                      {"i", kMax},
                      {"x", std::nan("")},
                      {"t", "a\xff"},
                      {"d", "\xff"},
                      {"w", 1'000'000},
                      {"lt", ListOfText{"a", "\"", ""}},
                      {"lx", ListOfReal{1, 0.5, std::numeric_limits<double>::infinity()}},
                      {"lf", ListOfReal{0.1}}}};
  const InputBatch batch(schema.get(), rows, {});
  const InputBatch nothing(empty.get(), {{}}, {});
  sage::JsonWriter writer(schema.get());
  sage::JsonWriter bare(empty.get());
  std::string out;
  writer.append(out, sage::Batch(batch.get())[0]);
  bare.append(out, sage::Batch(nothing.get())[0]);
  CHECK(out ==
        "{\"b\":true,\"i\":9223372036854775807,\"x\":null,\"t\":\"a\xef\xbf\xbd\",\"d\":\"/w==\","
        "\"w\":\"1970-01-01T00:00:00.001Z\",\"lt\":[\"a\",\"\\\"\",\"\"],\"lx\":[1,0.5,null],"
        "\"lf\":[0.1]}{}");
  CHECK(writer.losses().replaced == 1);
  CHECK(writer.losses().not_finite == 2);
}

TEST_CASE("timestamps print with 0, 3, 6 or 9 digits", "[sdk]") {
  CHECK(time_text(0) == "1970-01-01T00:00:00Z");
  CHECK(time_text(1'500'000'000) == "1970-01-01T00:00:01.500Z");
  CHECK(time_text(1'000'001'000) == "1970-01-01T00:00:01.000001Z");
  CHECK(time_text(-1) == "1969-12-31T23:59:59.999999999Z");
  CHECK(time_text(951'782'400'000'000'000) == "2000-02-29T00:00:00Z");
  CHECK(time_text(kMin) == "1677-09-21T00:12:43.145224192Z");
  CHECK(time_text(kMax) == "2262-04-11T23:47:16.854775807Z");
}

TEST_CASE("timestamps are read with any offset and refused when they are none", "[sdk]") {
  CHECK(time_ns("1970-01-01T00:00:00Z") == 0);
  CHECK(time_ns("1970-01-01t02:00:00.5+02:00") == 500'000'000);
  CHECK(time_ns("1969-12-31 19:30:00-04:30") == 0);
  CHECK(time_ns("1970-01-01T00:00:00.123456789Z") == 123'456'789);
  CHECK(time_ns(time_text(kMin)) == kMin);
  CHECK(time_ns(time_text(kMax)) == kMax);
  for (std::int64_t day = -80'000; day < 80'000; day += 13) {
    const std::int64_t ns = day * 86'400'000'000'000 + day;
    CHECK(time_ns(time_text(ns)) == ns);
  }
  for (const char* bad :
       {"", "1970-01-01", "1970-01-01T00:00:00", "1970-01-01T00:00:00Zx", "1970-1-01T00:00:00Z",
        "1970-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "1970-00-01T00:00:00Z",
        "1970-01-01T24:00:00Z", "1970-01-01T00:60:00Z", "1970-01-01T00:00:61Z",
        "1970-01-01T00:00:00.Z", "1970-01-01T00:00:00+2:00", "1970-01-01T00:00:00+24:00",
        "1970-01-01T00:00:00+0000", "1677-09-21T00:12:43.145224191Z",
        "2262-04-11T23:47:16.854775808Z", "9999-12-31T00:00:00Z"}) {
    CAPTURE(bad);
    CHECK_FALSE(sage::parse_timestamp(bad).has_value());
  }
}

TEST_CASE("timestamps that int64 nanoseconds cannot hold exactly are refused, not changed",
          "[sdk]") {
  for (const char* bad : {"1970-01-01T00:00:00.1234567899Z", "1970-01-01T00:00:00.1234567890Z",
                          "1970-01-01T00:00:00.000000000000Z", "2016-12-31T23:59:60Z",
                          "2016-12-31T23:59:60.5Z", "2017-01-01T00:59:60+01:00"}) {
    CAPTURE(bad);
    CHECK_FALSE(sage::parse_timestamp(bad).has_value());
  }
}

TEST_CASE("type names read back", "[sdk]") {
  for (std::uint32_t i = SAGE_BOOL; i <= SAGE_LIST_FLOAT32; ++i) {
    const auto type = static_cast<Type>(i);
    CHECK(sage::parse_type(sage::type_name(type)) == type);
  }
  CHECK(sage::type_name(Type::kListFloat32) == "list<float32>");
  CHECK_FALSE(sage::parse_type("").has_value());
  CHECK_FALSE(sage::parse_type("string").has_value());
}
