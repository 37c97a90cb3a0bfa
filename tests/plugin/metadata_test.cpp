#include "plugin/metadata.hpp"

#include <random>

#include <catch2/catch.hpp>

namespace sage::plugin {
namespace {

Verdict example() {
  schema::OptionInfo option;
  option.name = "pattern";
  option.help = "what \"separates\" words\n";
  option.type = 4;
  option.default_value = "'\\s+'";
  option.allowed = {"a", ""};
  option.minimum = 0.1;
  schema::OperatorInfo op;
  op.id = "split";
  op.kind = 4;
  op.traits = UINT64_MAX;
  op.has_schema_role = true;
  op.inputs = {{"in", {{"line", Type::kText}, {"sizes", Type::kListFloat32}}}};
  op.outputs = {{"out", {}}};
  op.options = {option};
  Verdict verdict;
  verdict.plugin.id = "text";
  verdict.plugin.version = "1.2.0";
  verdict.plugin.operators = {op, op};
  return verdict;
}

void replace(std::string& text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  text.replace(at, what.size(), with);
}

}  // namespace

TEST_CASE("a description comes back from its text as it was", "[plugin]") {
  const std::string text = verdict_text(example());
  const std::optional<Verdict> again = parse_verdict(text);
  REQUIRE(again);
  CHECK(verdict_text(*again) == text);
  const schema::OperatorInfo& op = again->plugin.operators.at(1);
  CHECK(op.traits == UINT64_MAX);
  CHECK(op.inputs.at(0).fields.at(1).type == Type::kListFloat32);
  CHECK(op.options.at(0).default_value == "'\\s+'");
  CHECK(op.options.at(0).minimum == 0.1);
}

TEST_CASE("a description that is cut off, or names no type of ours, is none", "[plugin]") {
  const std::string text = verdict_text(example());
  for (std::size_t length = 0; length < text.size(); ++length) {
    CHECK_FALSE(parse_verdict(std::string_view(text).substr(0, length)));
  }
  for (const char* type : {"0", "11", "-1", "\"text\"", "null"}) {
    std::string other = text;
    replace(other, R"("type":10)", R"("type":)" + std::string(type));
    INFO(type);
    CHECK_FALSE(parse_verdict(other));
  }
}

TEST_CASE("any bytes in place of a description do no harm", "[plugin]") {
  const unsigned seed = std::random_device{}();
  CAPTURE(seed);
  std::mt19937 random(seed);
  const std::string text = verdict_text(example());
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = text;
    for (unsigned left = random() % 8 + 1; left > 0; --left)
      bytes[random() % bytes.size()] = static_cast<char>(random() % 256);
    static_cast<void>(parse_verdict(bytes));
    static_cast<void>(parse_cache(bytes));
  }
  CHECK_FALSE(parse_verdict(std::string(1u << 20, '[')));
  CHECK_FALSE(parse_verdict(std::string(1u << 20, '\0')));
}

TEST_CASE("what another version of the engine has stored is forgotten", "[plugin]") {
  const CacheEntry entry{"/plugins/text.so", {1, -2, 3, 4, UINT64_MAX}, example()};
  std::string text = cache_text(entry);
  const std::optional<CacheEntry> again = parse_cache(text);
  REQUIRE(again);
  CHECK(again->path == entry.path);
  CHECK(again->stamp == entry.stamp);
  replace(text, R"("format":3)", R"("format":2)");
  CHECK_FALSE(parse_cache(text));
}

}  // namespace sage::plugin
