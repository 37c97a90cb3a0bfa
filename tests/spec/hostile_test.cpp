// Text that is meant to break a parser: it must give findings, and no crash, before ctest's time
// for a test is over.

#include "spec/parse.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::found;
using spec::parse;

namespace {

std::string repeat(std::string_view piece, std::size_t times) {
  std::string out;
  out.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) {
    out += piece;
  }
  return out;
}

std::string first(const spec::Parsed& parsed) {
  return parsed.findings.empty() ? "" : parsed.findings[0].code;
}

std::string random_bytes(std::mt19937& random) {
  std::string text(random() % 40, '\0');
  for (char& byte : text)
    byte = static_cast<char>(random() % 256);
  return text;
}

// Up to 39 pieces that mean something to a parser, in any order.
std::string random_toml(std::mt19937& random) {
  // clang-format off
  static const std::vector<std::string> kPieces = {
      "sage = 1\n", "[[stage]]\n", "[pipeline]\n", "[", "]", "[[", "]]", "{", "}", "=", " = ", ",",
      ".", "\n", "\r\n", "\r", "\"", "'", "\"\"\"", "'''", "\\", "\\u00e9", "\\U0010FFFF", "#",
      " ", "\t", "id", "use", "with", "from", "a", "\"a\"", "'b'", "1", "-", "+", "1e5", "0x1F",
      "1_000", "inf", "nan", "true", "false", "2024-01-01", "T00:00:00Z", "12:30", "${", "}",
      "${HELD}", "${file:/}", "$", "\xc3\xa9", "\xe2\x82\xac", "\xff", std::string(1, '\0'), "\x7f",
      "\x1b", "\xef\xbb\xbf", "a.b.c", "stage = [{ id = \"a\", use = \"b/c\" }]\n", "test = [{}]\n"};
  // clang-format on
  std::string text;
  for (unsigned left = random() % 40; left > 0; --left)
    text += kPieces[random() % kPieces.size()];
  return text;
}

}  // namespace

TEST_CASE("hostile: deep lists and tables are refused, not followed", "[spec]") {
  for (const std::size_t depth : {201, 4000, 1'000'000}) {
    INFO(depth);
    CHECK(first(parse("x = " + repeat("[", depth) + repeat("]", depth))) == "E0104");
    CHECK(first(parse("x = " + repeat("{a=", depth) + "1" + repeat("}", depth))) == "E0104");
    CHECK(first(parse("x = " + repeat("[{ a.b = ", depth))) == "E0104");
    CHECK(first(parse("x = " + repeat("[\n", depth))) == "E0104");
  }
  CHECK(found(parse("x = " + repeat("[", 201)).findings) == "E0104 1:204");
  // The fourth quote belongs to the text, so the brackets behind it count.
  CHECK(first(parse("x = [\"\"\"a\"\"\"\", " + repeat("[", 201))) == "E0104");
  CHECK(found(parse("\nx = [\n" + repeat("[\n", 200)).findings) == "E0104 201:1");
}

TEST_CASE("hostile: depth up to the limit is parsed", "[spec]") {
  CHECK(first(parse("x = " + repeat("[", 198) + repeat("]", 198))) == "E0109");  // no `sage`
  CHECK(first(parse("x = " + repeat("{a=", 98) + "1" + repeat("}", 98))) == "E0109");
  CHECK(first(parse(repeat("a.", 63) + "a = 1")) == "E0109");
  CHECK(first(parse("[" + repeat("a.", 63) + "a]\n" + repeat("b.", 63) + "b = 1")) == "E0109");
  const std::string key = repeat("k.", 63) + "k";
  CHECK(first(parse("[" + key + "]\n" + key + " = {" + key + " = 1}")) == "E0109");
  CHECK(first(parse("[" + key + "]\n" + key + " = {" + key + " = {" + key + " = 1}}")) == "E0104");
}

TEST_CASE("hostile: keys of very many parts are refused", "[spec]") {
  for (const char* part : {"a.", "\"a\".", "'.'.", "a . ", "\"\\\"\"."}) {
    INFO(part);
    for (const std::size_t parts : {64, 4000, 1'000'000}) {
      const std::string key = repeat(part, parts) + "a";
      CHECK(first(parse(key + " = 1")) == "E0104");
      CHECK(first(parse("[" + key + "]")) == "E0104");
      CHECK(first(parse("[[" + key + "]]")) == "E0104");
      CHECK(first(parse("x = { " + key + " = 1 }")) == "E0104");
      CHECK(first(parse("x = [\n{ y = 1, " + key + " = 1 }\n]")) == "E0104");
    }
  }
}

TEST_CASE("hostile: dots and brackets in texts and comments nest nothing", "[spec]") {
  const std::string dots = repeat(".", 1000) + repeat("[", 1000) + repeat("{", 1000);
  for (const std::string& text :
       {"# " + dots, "x = \"" + dots + "\"", "x = '" + dots + "'",
        "x = \"\"\"\n" + dots + "\n\"" + dots + "\"\"\"\"\"", "x = '''\n" + dots + "'\\'''",
        "x = \"\\\"" + dots + "\\\\\"", "\"" + dots + "\" = 1", "x = [ # " + dots + "\n]"}) {
    INFO(text.substr(0, 40));
    CHECK(first(parse("sage = 1\n" + text)) != "E0104");
    CHECK(first(parse("sage = 1\n" + text)) != "E0101");
  }
}

TEST_CASE("hostile: large files and values", "[spec][slow]") {
  constexpr std::size_t kMiB = std::size_t{1} << 20;
  CHECK(found(parse(repeat("#", 16 * kMiB + 1)).findings) == "E0105 1:1");
  const auto value = parse(spec::one_stage("with = { path = \"" + repeat("x", kMiB) + "\" }"));
  CHECK(found(value.findings).empty());
  CHECK(value.pipeline.stages.at(0).with.at(0).value.text()->size() == kMiB);
  CHECK(parse(spec::one_stage(repeat("x", kMiB) + " = 1")).findings.at(0).message.size() < 200);
  CHECK(parse(spec::one_stage("on_error = \"" + repeat("x", kMiB) + "\"")).findings.size() == 1);
  // Many values in one long line that is not ASCII.
  const std::string list = "x = [\"\xc3\xa9\", " + repeat("1, ", kMiB) + "]";
  CHECK(found(parse("sage = 1\n" + list).findings).starts_with("E0123 1:1, E0106 2:1"));
}

TEST_CASE("hostile: millions of mistakes are cut off", "[spec][slow]") {
  std::string keys = "sage = 1\n";
  for (int i = 0; i < 300'000; ++i) {
    keys += "a" + std::to_string(i) + "=1\n";
  }
  CHECK(parse(keys).findings.size() <= 1000);
  CHECK(parse("sage = 1\n" + repeat("[[stage]]\n", 300'000)).findings.size() <= 1000);
  CHECK(parse(spec::one_stage("x = \"" + repeat("${NO_SUCH}", 300'000) + "\"")).findings.size() <=
        1000);
}

TEST_CASE("hostile: interpolation cannot blow up", "[spec][slow]") {
  spec::ParseOptions options;
  options.environment = [](const std::string&) { return std::string(std::size_t{1} << 20, 'x'); };
  const std::string text = spec::one_stage("with = { a = \"" + repeat("${X}", 100'000) + "\" }");
  const auto parsed = spec::parse_pipeline(text, "p.toml", options);
  CHECK(found(parsed.findings) == "E0105 5:14");
}

TEST_CASE("hostile: random bytes and random TOML give findings and nothing else", "[spec]") {
  const unsigned seed = std::random_device{}();
  std::mt19937 random(seed);
  CAPTURE(seed);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = round % 2 == 0 ? "sage = 1\n" : "";
    text += round % 5 == 4 ? random_bytes(random) : random_toml(random);
    for (const Error& error : parse(text).findings) {
      if (error.place && error.place->line >= 1 && error.place->column >= 1)
        continue;
      CAPTURE(text);
      FAIL("a finding without a place");
    }
  }
}
