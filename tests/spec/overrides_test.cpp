#include "spec/overrides.hpp"

#include "spec/parse.hpp"

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::found;
using spec::messages;
using spec::parse;

namespace {

constexpr std::string_view kText =
    "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"io/file\"\nwith = { path = \"x\", old = 1 }\n"
    "[[stage]]\nid = \"b\"\nuse = \"io/null\"\n";

spec::Parsed set(const std::string& assignment) {
  return parse(kText, {nullptr, {assignment}, {}});
}

spec::Parsed parallelism(const std::string& assignment) {
  return parse(kText, {nullptr, {}, {assignment}});
}

const spec::Value* option(const spec::Parsed& parsed, std::string_view name) {
  return spec::find(parsed.pipeline.stages.at(0).with, name);
}

}  // namespace

TEST_CASE("override --set: replaces and adds", "[spec]") {
  const auto replaced = set("a.with.path=/data=x");
  REQUIRE(replaced.findings.empty());
  CHECK(*option(replaced, "path")->text() == "/data=x");
  CHECK(option(replaced, "old") != nullptr);
  CHECK(replaced.pipeline.stages[0].with.size() == 2);
  const auto added = set("a.with.fields.n=int64");
  REQUIRE(added.findings.empty());
  CHECK(*spec::find(*option(added, "fields")->table(), "n")->text() == "int64");
  CHECK(set("b.parallelism=3").pipeline.stages.at(1).parallelism->value == 3);
  CHECK(set("pipeline.parallelism=5").pipeline.parallelism == 5);
  CHECK(set("pipeline.name=other").pipeline.name.value == "other");
  CHECK(set("a.with.path=").findings.empty());
  CHECK(found(set("cluster.num_cpus=3").findings) == "W0101 1:1");
}

TEST_CASE("override --set: values are typed as what they replace needs", "[spec]") {
  const auto text = set("a.with.path=5");
  CHECK(*option(text, "path")->text() == "5");
  CHECK(option(text, "path")->interpolated);
  const auto list = set("b.from=[\"a\", \"a.errors\"]");
  REQUIRE(list.findings.empty());
  CHECK(list.pipeline.stages.at(1).from->size() == 2);
  CHECK(set("b.partition={ use = \"x/y\" }").pipeline.stages.at(1).partition->use->op == "y");
  CHECK(*option(set("a.with.path='[x]'"), "path")->text() == "[x]");
  CHECK(*option(set("a.with.path=${HELD}"), "path")->text() == "held");
}

TEST_CASE("override --set: a value is set before variables are looked up", "[spec]") {
  const std::string text =
      "sage = 1\n[[stage]]\nid = \"a\"\nuse = \"io/file\"\nwith.path = \"${NO}\"";
  CHECK(found(parse(text).findings) == "E0118 5:14");
  CHECK(parse(text, {nullptr, {"a.with.path=x"}, {}}).findings.empty());
}

TEST_CASE("override --set: what is wrong is found in the argument", "[spec]") {
  for (const char* bad : {"a.with.path", "c.with.path=x", "a=1", "pipeline=1", "=1", ".=1", "a.=1",
                          "a..b=1", "a.use.x=1", "a.with.path=[1", "a.with.path=[1]\ny = 2",
                          "a.with.path=\"x", "a.with.path=\xff", "a.\xff=1", ""}) {
    INFO(bad);
    const auto parsed = set(bad);
    INFO(messages(parsed.findings));
    REQUIRE(parsed.findings.size() == 1);
    CHECK(parsed.findings[0].code == "E0125");
    CHECK(parsed.findings[0].kind == ErrorKind::kUsage);
    CHECK(parsed.findings[0].place->file == "--set " + std::string(bad));
  }
  CHECK(set("aa.with.path=x").findings.at(0).hint == "did you mean `a`?");
  CHECK(found(set("a.paralelism=3").findings) == "E0106 1:1");
  CHECK(found(set("a.parallelism=x").findings) == "E0124 1:15");
  CHECK(set("a.parallelism=x").findings.at(0).hint == "look at the value that --set gives");
  CHECK(set("a.parallelism=0").findings.at(0).kind == ErrorKind::kInvalid);
  CHECK(found(set("a.with.path=${NO}").findings) == "E0118 1:13");
  std::string deep = "a.with";
  for (int i = 0; i < 100'000; ++i) {
    deep += ".x";
  }
  CHECK(found(set(deep + "=1").findings) == "E0125 1:1");
  CHECK(found(set("a.with.x=" + std::string(4000, '[')).findings) == "E0125 1:10");
}

TEST_CASE("override -P: sets the parallelism of a stage", "[spec]") {
  CHECK(parallelism("b=7").pipeline.stages.at(1).parallelism->value == 7);
  CHECK(found(parallelism("b=seven").findings) == "E0124 1:3");
  CHECK(found(parallelism("b=0").findings) == "E0111 1:3");
  for (const char* bad : {"b", "7", "c=7", "b.x=7", "pipeline=7", "=7"}) {
    INFO(bad);
    const auto parsed = parallelism(bad);
    REQUIRE(parsed.findings.size() == 1);
    CHECK(parsed.findings[0].code == "E0125");
    CHECK(parsed.findings[0].place->file == "-P " + std::string(bad));
  }
}

TEST_CASE("overrides: findings of the file come first", "[spec]") {
  const auto parsed = parse("sage = 1\n[[stage]]\nid = \"a\"\nuse = \"x\"\n",
                            {nullptr, {"a.zzz=1", "c.x=1"}, {"a=0"}});
  CHECK(found(parsed.findings) == "E0117 4:7, E0125 1:1, E0106 1:1, E0111 1:3");
}
