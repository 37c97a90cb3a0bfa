#include "schema/key.hpp"

#include <cstring>
#include <limits>
#include <random>

#include <catch2/catch.hpp>

namespace sage::schema {
namespace {

// One record built by hand: words of the data section, then texts behind the pointer section.
struct Rows {
  std::vector<std::uint8_t> bytes = std::vector<std::uint8_t>(SAGE_SLACK, 0);
  std::vector<sage_record> records;

  void add(const std::vector<std::uint64_t>& words, const std::vector<std::string>& texts) {
    const std::size_t body = bytes.size();
    bytes.resize(body + 8 * (words.size() + texts.size()));
    for (std::size_t i = 0; i < words.size(); ++i)
      std::memcpy(&bytes[body + 8 * i], &words[i], 8);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const std::size_t at = body + 8 * (words.size() + i);
      const std::uint64_t offset = (bytes.size() - at - 8) / 8;
      const std::uint64_t pointer =
          (offset << 2) | 1 | (2ull << 32) | (std::uint64_t{texts[i].size() + 1} << 35);
      std::memcpy(&bytes[at], &pointer, 8);
      bytes.insert(bytes.end(), texts[i].begin(), texts[i].end());
      bytes.resize((bytes.size() + 8) / 8 * 8);  // at least one NUL
    }
    records.push_back({SAGE_NO_TS, 0, static_cast<std::uint32_t>(body - SAGE_SLACK),
                       static_cast<std::uint32_t>(bytes.size() - body), 0, 0});
  }

  // The key bytes of every record; also checks that the hash is the one of those bytes.
  std::vector<std::string> keys(const Schema& schema, const std::vector<std::uint32_t>& fields) {
    bytes.resize(bytes.size() + SAGE_SLACK);
    const sage_buffer buffer{bytes.data() + SAGE_SLACK, bytes.size() - std::size_t{2} * SAGE_SLACK};
    const KeyExtractor extractor(schema, fields);
    std::vector<sage_key> found(records.size());
    std::vector<std::uint8_t> scratch(extractor.bytes_needed(records, &buffer) + SAGE_SLACK);
    extractor.extract(records, &buffer, found.data(), scratch.data());
    std::vector<std::string> out;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::uint8_t* base = extractor.in_place() ? buffer.data : scratch.data();
      out.emplace_back(reinterpret_cast<const char*>(base + found[i].off), found[i].len);
      CHECK(records[i].key == key_hash(out.back()));
    }
    return out;
  }
};

SchemaPtr make(std::vector<FieldSpec> fields) { return Schema::make(std::move(fields)).value(); }

std::string word(std::uint64_t n) { return {reinterpret_cast<const char*>(&n), 8}; }

}  // namespace

TEST_CASE("the key hash never changes: golden vectors", "[schema]") {
  CHECK(key_hash("") == 0x4152418f75dd93bbu);
  CHECK(key_hash("a") == 0xdb1f32d4494f02dau);
  CHECK(key_hash(std::string_view("\0", 1)) == 0x0c02d28dc181629fu);
  CHECK(key_hash("the") == 0x41257e8754b886a7u);
  CHECK(key_hash("123456789012345") == 0x579ef221dd3a91eau);
  CHECK(key_hash("1234567890123456") == 0xd6cfff267d11ad76u);
  CHECK(key_hash(std::string(1'000'000, 'x')) == 0xef02eeb2d3625399u);
  CHECK(key_hash(word(0)) == 0x7fa51961babd36a0u);
}

TEST_CASE("a short key hashes apart from the same key with NULs behind it", "[schema]") {
  CHECK(key_hash("a") != key_hash(std::string_view("a\0", 2)));
  CHECK(key_hash("") != key_hash(std::string_view("\0", 1)));
}

TEST_CASE("key groups go to instances in contiguous ranges that cover all", "[schema]") {
  for (std::uint32_t parallelism = 1; parallelism <= 128; ++parallelism) {
    std::uint32_t last = 0;
    for (std::uint32_t group = 0; group < 128; ++group) {
      const std::uint32_t owner = group_owner(group, parallelism, 128);
      REQUIRE((owner == last || owner == last + 1));
      last = owner;
    }
    REQUIRE(last == parallelism - 1);
  }
}

TEST_CASE("a text key is its bytes, in place, of every length", "[schema]") {
  const SchemaPtr schema = make({{"word", Type::kText}});
  Rows rows;
  std::vector<std::string> want;
  for (std::size_t n = 0; n < 40; ++n)
    want.push_back(std::string(n, static_cast<char>('a' + n % 26)));
  want.push_back(std::string("a\0b", 3));
  want.push_back("\xff\xfe");
  want.push_back(std::string(1u << 20, 'k'));
  for (const std::string& text : want)
    rows.add({}, {text});
  CHECK(rows.keys(*schema, {0}) == want);
}

TEST_CASE("a null text pointer is the empty key", "[schema]") {
  const SchemaPtr schema = make({{"word", Type::kText}});
  Rows rows;
  rows.add({0}, {});  // the one word is the null pointer
  CHECK(rows.keys(*schema, {0}) == std::vector<std::string>{""});
}

TEST_CASE("bool, int64 and float64 keys are eight bytes, -0.0 is 0.0, every NaN is one key",
          "[schema]") {
  const SchemaPtr flag = make({{"flag", Type::kBool}});
  Rows flags;
  flags.add({0}, {});
  flags.add({1}, {});
  CHECK(flags.keys(*flag, {0}) == std::vector<std::string>{word(0), word(1)});

  const SchemaPtr real = make({{"x", Type::kFloat64}});
  Rows reals;
  for (const double x : {0.0, -0.0, 1.5, std::numeric_limits<double>::quiet_NaN(),
                         -std::numeric_limits<double>::quiet_NaN()}) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, 8);
    reals.add({bits}, {});
  }
  const std::vector<std::string> keys = reals.keys(*real, {0});
  CHECK(keys[0] == keys[1]);
  CHECK(keys[0] == word(0));
  CHECK(keys[3] == keys[4]);
  CHECK(keys[2] != keys[0]);
}

TEST_CASE("composite keys that differ only in where one part ends are different keys", "[schema]") {
  const SchemaPtr schema = make({{"a", Type::kText}, {"n", Type::kInt64}, {"b", Type::kText}});
  Rows rows;
  rows.add({7}, {"ab", "c"});
  rows.add({7}, {"a", "bc"});
  rows.add({7}, {"", "abc"});
  const std::vector<std::string> keys = rows.keys(*schema, {0, 2});
  CHECK(keys[0] == std::string("\2\0\0\0ab\1\0\0\0c", 11));
  CHECK(keys[1] == std::string("\1\0\0\0a\2\0\0\0bc", 11));
  CHECK(keys[2] == std::string("\0\0\0\0\3\0\0\0abc", 11));
  Rows again;
  again.add({7}, {"ab", "c"});
  CHECK(again.keys(*schema, {2, 1}) ==
        std::vector<std::string>{std::string("\1\0\0\0c", 5) + word(7)});
}

}  // namespace sage::schema
