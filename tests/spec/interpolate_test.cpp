#include "spec/interpolate.hpp"

#include "spec/parse.hpp"
#include "spec/table_reader.hpp"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::found;
using spec::one_stage;
using spec::parse;

namespace {

// What a text in `with` becomes.
std::string expanded(const std::string& text) {
  const spec::Parsed parsed = parse(one_stage("with = { x = '" + text + "' }"));
  if (!parsed.findings.empty())
    return found(parsed.findings);
  return *spec::find(parsed.pipeline.stages.at(0).with, "x")->text();
}

}  // namespace

TEST_CASE("interpolation: variables and defaults", "[spec]") {
  CHECK(expanded("${HELD}") == "held");
  CHECK(expanded("a${HELD}b${FOUR}c") == "aheldb4c");
  CHECK(expanded("${NO:-default}") == "default");
  CHECK(expanded("${NO:-}").empty());
  CHECK(expanded("${EMPTY:-default}") == "default");
  CHECK(expanded("${EMPTY}").empty());
  CHECK(expanded("${HELD:-default}") == "held");
  CHECK(expanded("${NO:-a:-b}") == "a:-b");
  CHECK(expanded("${NESTED}") == "${HELD}");  // once, not again
}

TEST_CASE("interpolation: a dollar by itself stays, and $${ is how ${ is written", "[spec]") {
  CHECK(expanded("$") == "$");
  CHECK(expanded("$HELD $1 ${HELD}$") == "$HELD $1 held$");
  CHECK(expanded("$$") == "$$");
  CHECK(expanded("$${HELD}") == "${HELD}");
  CHECK(expanded("{$}") == "{$}");
  CHECK(expanded("${HELD}${HELD}") == "heldheld");
}

TEST_CASE("interpolation: credentials stay for the machine that runs the operator", "[spec]") {
  CHECK(expanded("Bearer ${cred:open-ai.key_1}") == "Bearer ${cred:open-ai.key_1}");
  CHECK(expanded("${cred:../x}") == "E0119 5:15");
  CHECK(expanded("${cred:a b}") == "E0119 5:15");
}

TEST_CASE("interpolation: what is wrong is said at its place", "[spec]") {
  CHECK(expanded("${NO}") == "E0118 5:15");
  CHECK(expanded("ab${HELD}${NO}${NO2}") == "E0118 5:24, E0118 5:29");
  CHECK(expanded("${HELD") == "E0119 5:15");
  CHECK(expanded("${LATIN1}") == "E0102 5:15");
  const auto parsed = parse(one_stage("with = { x = '${NO_SUCH}' }"));
  CHECK(parsed.findings.at(0).place->length == 10);
  CHECK(parsed.findings.at(0).hint.find("${NO_SUCH:-default}") != std::string::npos);
  // Escapes hide where the variable stands: then the whole text is shown.
  CHECK(found(parse(one_stage("with = { x = \"\\u0024{NO}\" }")).findings) == "E0118 5:14");
}

TEST_CASE("interpolation: does not nest, and says so", "[spec]") {
  for (const char* text : {"${NO:-${HELD}}", "${HELD:-${NO}}", "${file:${HELD}/x}", "${${HELD}}"}) {
    INFO(text);
    const auto parsed = parse(one_stage("with = { x = '" + std::string(text) + "' }"));
    CHECK(found(parsed.findings) == "E0119 5:15");
    CHECK(parsed.findings.at(0).message.find("cannot nest") != std::string::npos);
  }
  CHECK(expanded("${NO:-${HELD}} ${NO2}") == "E0119 5:15, E0118 5:30");
}

TEST_CASE("interpolation: everywhere in values, nowhere in keys and comments", "[spec]") {
  const auto parsed = parse(one_stage(
      "with = { l = ['${HELD}', { '${NO}' = '${FOUR}' }] } # ${NO}\nkey_by = ['${HELD}']"));
  INFO(spec::messages(parsed.findings));
  REQUIRE(parsed.findings.empty());
  const spec::List& list = *spec::find(parsed.pipeline.stages.at(0).with, "l")->list();
  CHECK(*list[0].text() == "held");
  CHECK(list[0].interpolated);
  CHECK((*list[1].table())[0].key.value == "${NO}");
  CHECK(parsed.pipeline.stages.at(0).key_by.at(0).value == "held");
}

TEST_CASE("interpolation: text becomes a number only where it was interpolated", "[spec]") {
  CHECK(parse(one_stage("parallelism = '${FOUR}'")).pipeline.stages.at(0).parallelism->value == 4);
  CHECK(found(parse(one_stage("parallelism = '4'")).findings) == "E0110 5:15");
  CHECK(found(parse(one_stage("parallelism = '${HELD}'")).findings) == "E0124 5:15");
  CHECK(found(parse(one_stage("parallelism = '${FOUR} '")).findings) == "E0124 5:15");
  CHECK(
      found(
          parse(one_stage("resources = { num_cpus = '${FOUR}.5', memory = '${FOUR}kB' }")).findings)
          .starts_with("W0101"));
  spec::Value value;
  value.data = std::string("true");
  CHECK(!spec::to_boolean(value));
  value.interpolated = true;
  CHECK(spec::to_boolean(value) == true);
  value.data = std::string("1.5");
  CHECK(spec::to_number(value) == 1.5);
  CHECK(!spec::to_integer(value));
}

TEST_CASE("interpolation: files", "[spec]") {
  char name[] = "/tmp/sage_interpolate_XXXXXX";
  const int fd = ::mkstemp(name);
  REQUIRE(fd >= 0);
  ::close(fd);
  const std::string path = name;
  const auto with_file = [&](const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
    return expanded("<${file:" + path + "}>");
  };
  CHECK(with_file("secret\n") == "<secret>");
  CHECK(with_file("two\nlines\n\n") == "<two\nlines\n>");
  CHECK(with_file("windows\r\n") == "<windows>");
  CHECK(with_file("").empty() == false);
  CHECK(with_file("${HELD}") == "<${HELD}>");
  CHECK(with_file("caf\xe9") == "E0120 5:16");
  CHECK(with_file(std::string("a\0b", 3)) == "E0120 5:16");
  CHECK(with_file(std::string(1 << 20, 'x')).size() == (1 << 20) + 2);
  CHECK(with_file(std::string((1 << 20) + 1, 'x')) == "E0105 5:16");
  std::remove(name);
  CHECK(expanded("${file:" + path + "}") == "E0120 5:15");
}
