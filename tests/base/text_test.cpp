#include "base/text.hpp"

#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)

namespace {

const std::vector<std::string> kKeys = {"parallelism", "partition", "key_by", "gap", "id", "use"};

std::int64_t duration(std::string_view text) {
  const auto parsed = parse_duration(text);
  return parsed ? *parsed : -1;
}

std::int64_t bytes(std::string_view text) {
  const auto parsed = parse_bytes(text);
  return parsed ? *parsed : -1;
}

}  // namespace

TEST_CASE("nearest: finds slips, and nothing for other words", "[base]") {
  CHECK(nearest("gapp", kKeys) == "gap");
  CHECK(nearest("paralelism", kKeys) == "parallelism");
  CHECK(nearest("parallelims", kKeys) == "parallelism");
  CHECK(nearest("key-by", kKeys) == "key_by");
  CHECK(nearest("di", kKeys) == "id");  // neighbours swapped
  CHECK(nearest("banana", kKeys).empty());
  CHECK(nearest("zz", kKeys).empty());
  CHECK(nearest("", kKeys).empty());
  CHECK(nearest("x", kKeys).empty());
  CHECK(nearest(std::string(1 << 20, 'a'), kKeys).empty());
  CHECK(nearest("gapp", {}).empty());
}

TEST_CASE("suggest: the nearest one, or all there are", "[base]") {
  CHECK(suggest("gapp", kKeys) == "did you mean `gap`?");
  CHECK(suggest("banana", kKeys) == "known: parallelism, partition, key_by, gap, id, use");
  CHECK(suggest("x", {}).empty());
  const std::vector<std::string> many(100, "candidate");
  CHECK(suggest("x", many).size() < 300);
}

TEST_CASE("parse_duration: numbers with units", "[base]") {
  CHECK(duration("10s") == 10'000'000'000);
  CHECK(duration("1ms") == 1'000'000);
  CHECK(duration("500us") == 500'000);
  CHECK(duration("7ns") == 7);
  CHECK(duration("2h") == 7'200'000'000'000);
  CHECK(duration("3d") == 259'200'000'000'000);
  CHECK(duration("1m30s") == 90'000'000'000);
  CHECK(duration("1m 30s") == -1);
  CHECK(duration("1.5h") == 5'400'000'000'000);
  CHECK(duration("0.25s") == 250'000'000);
  CHECK(duration("0.9999999999s") == 999'999'999);
  CHECK(duration("0s") == 0);
  CHECK(duration("0") == 0);
  CHECK(duration("10 s") == 10'000'000'000);
  CHECK(duration("106751d") == 106751 * std::int64_t{86'400'000'000'000});
}

TEST_CASE("parse_duration: refuses everything else", "[base]") {
  for (const char* text : {"",
                           " ",
                           "10",
                           "s",
                           "-1s",
                           "+1s",
                           "1S",
                           "1sec",
                           "1s1m",
                           "1s2s",
                           "1..5s",
                           ".5s",
                           "5.s",
                           "1e3s",
                           "1s ",
                           " 1s",
                           "106752d",
                           "99999999999999999999s",
                           "9223372036s9999999999ns",
                           "1m30",
                           "1\0s",
                           "1µs"}) {
    INFO(text);
    const auto parsed = parse_duration(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == "E0113");
    CHECK(parsed.error().kind == ErrorKind::kInvalid);
    CHECK(!parsed.error().hint.empty());
  }
  CHECK(parse_duration(std::string(1 << 20, 'x')).error().message.size() < 100);
}

TEST_CASE("parse_bytes: powers of 1000 and of 1024", "[base]") {
  CHECK(bytes("100") == 100);
  CHECK(bytes("0") == 0);
  CHECK(bytes("1B") == 1);
  CHECK(bytes("1kB") == 1000);
  CHECK(bytes("1KB") == 1000);
  CHECK(bytes("512MB") == 512'000'000);
  CHECK(bytes("8GB") == 8'000'000'000);
  CHECK(bytes("8GiB") == 8'589'934'592);
  CHECK(bytes("64 KiB") == 65'536);
  CHECK(bytes("1.5MiB") == 1'572'864);
  CHECK(bytes("2TB") == 2'000'000'000'000);
  CHECK(bytes("1TiB") == 1'099'511'627'776);
  CHECK(bytes("9223372036854775807") == std::numeric_limits<std::int64_t>::max());
}

TEST_CASE("parse_bytes: refuses everything else", "[base]") {
  for (const char* text : {"", "MB", "-1", "1mb", "1Mb", "1 M", "1G", "1KiBs", "1MB2", "8  GB",
                           "0x10", "9223372036854775808", "8388608TiB", "1e9", "1,000"}) {
    INFO(text);
    const auto parsed = parse_bytes(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().code == "E0114");
    CHECK(!parsed.error().hint.empty());
  }
}

TEST_CASE("with_commas: groups of three", "[base]") {
  CHECK(with_commas(0) == "0");
  CHECK(with_commas(999) == "999");
  CHECK(with_commas(1000) == "1,000");
  CHECK(with_commas(5'304'112) == "5,304,112");
  CHECK(with_commas(UINT64_MAX) == "18,446,744,073,709,551,615");
}

TEST_CASE("short_number: three digits and a unit", "[base]") {
  CHECK(short_number(0) == "0");
  CHECK(short_number(7) == "7");
  CHECK(short_number(0.25) == "0.25");
  CHECK(short_number(950) == "950");
  CHECK(short_number(999.4) == "999");
  CHECK(short_number(999.7) == "1k");
  CHECK(short_number(1234) == "1.23k");
  CHECK(short_number(84'000) == "84k");
  CHECK(short_number(99'960) == "100k");
  CHECK(short_number(999'600) == "1M");
  CHECK(short_number(2.8e6) == "2.8M");
  CHECK(short_number(1.49e11) == "149G");
  CHECK(short_number(-2.8e6) == "-2.8M");
  CHECK(short_number(std::numeric_limits<double>::infinity()) == "inf");
  CHECK(short_number(std::numeric_limits<double>::quiet_NaN()) == "nan");
  CHECK(!short_number(std::numeric_limits<double>::max()).empty());
}

TEST_CASE("is_valid_utf8: every sequence of one code point, and no other", "[base]") {
  CHECK(is_valid_utf8(""));
  CHECK(is_valid_utf8("a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"));
  CHECK(is_valid_utf8(std::string_view("\0", 1)));
  for (const char* text : {"\x80", "\xc0\xaf", "\xc1\xbf", "\xc3", "\xc3x", "\xe0\x80\xaf",
                           "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82",
                           "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff"}) {
    CHECK(!is_valid_utf8(text));
    CHECK(utf8_valid_prefix(std::string("ab") + text) == 2);
  }
  CHECK(is_valid_utf8("\xed\x9f\xbf"));
  CHECK(is_valid_utf8("\xee\x80\x80"));
  CHECK(is_valid_utf8("\xf4\x8f\xbf\xbf"));
}
