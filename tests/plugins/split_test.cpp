#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <random>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Harness;
using sage::testkit::Setup;
using Words = std::vector<std::string>;

Setup lines(sage::testkit::Setup setup = {}) {
  setup.inputs = {{{"line", Type::kText}}};
  return setup;
}

Words words_of(Harness& harness) {
  Words words;
  for (const auto& row : harness.rows()) {
    words.push_back(row.front().second.text());
  }
  return words;
}

Words split(const std::string& line, Setup setup = {}) {
  Harness harness(loaded("text/split"), lines(std::move(setup)));
  harness.push({{{"line", line}}});
  return words_of(harness);
}

// The definition, byte by byte.
Words expected(const std::string& line) {
  Words words(1);
  for (const char c : line) {
    if (std::string_view(" \t\n\v\f\r").find(c) == std::string_view::npos) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) {
    words.pop_back();
  }
  return words;
}

}  // namespace

TEST_CASE("split separates words at ASCII white space and makes no empty ones") {
  CHECK(split("a b  c") == Words{"a", "b", "c"});
  CHECK(split(" \t a\n\v\f\rb ") == Words{"a", "b"});
  CHECK(split("").empty());
  CHECK(split(" ").empty());
  CHECK(split("na\xc3\xafve\xc2\xa0x") == Words{"na\xc3\xafve\xc2\xa0x"});
}

TEST_CASE("split keeps words whole wherever the blocks of the scan end") {
  std::mt19937 random(20261125);
  for (int round = 0; round < 2000; ++round) {
    std::string line;
    const std::size_t length = random() % 300;
    const unsigned spaces = 1 + random() % 12;
    for (std::size_t i = 0; i < length; ++i) {
      line +=
          random() % spaces == 0 ? " \t\r"[random() % 3] : static_cast<char>(33 + random() % 94);
    }
    REQUIRE(split(line) == expected(line));
  }
}

TEST_CASE("split hands on a long word and a long line in pieces of a call") {
  const std::string word(3 << 20, 'x');
  CHECK(split(word + " y " + word) == Words{word, "y", word});
  std::string line;
  for (int i = 0; i < 400'000; ++i) {
    line += "ab ";
  }
  Harness harness(loaded("text/split"), lines());
  harness.push({{{"line", line}}});
  CHECK(harness.calls() > 1);
  CHECK(harness.rows().size() == 400'000);
}

TEST_CASE("split lowers ASCII letters only where it is told to") {
  CHECK(split("A b\xc3\x84Z[", {.options = {{"lower", true}}}) == Words{"a", "b\xc3\x84z["});
}

TEST_CASE("split takes separators from a pattern") {
  CHECK(split("a,b;;c, d", {.options = {{"pattern", "[,;]+ ?"}}}) == Words{"a", "b", "c", "d"});
  CHECK(split(",a,", {.options = {{"pattern", ","}}}) == Words{"a"});
}

TEST_CASE("split keeps the other fields in front of the word") {
  Harness harness(loaded("text/split"),
                  {.options = {{"field", "text"}, {"keep", true}},
                   .inputs = {{{"id", Type::kInt64}, {"text", Type::kText}, {"ok", Type::kBool}}}});
  harness.push({{{"id", 7}, {"text", "a b"}, {"ok", true}}});
  CHECK(harness.json() ==
        Words{R"({"id":7,"ok":true,"word":"a"})", R"({"id":7,"ok":true,"word":"b"})"});
}

TEST_CASE("split refuses a pattern that does not parse or matches nothing at all") {
  CHECK_THROWS(split("a", {.options = {{"pattern", "("}}}));
  CHECK_THROWS(split("a", {.options = {{"pattern", " *"}}}));
}
