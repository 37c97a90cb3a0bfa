#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <random>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::loaded;
using sage::testkit::Fields;
using sage::testkit::Harness;
using sage::testkit::InputBatch;
using sage::testkit::Rows;
using sage::testkit::Setup;
using Lines = std::vector<std::string>;

const std::vector<sage::FieldSpec> kFields = {
    {"id", Type::kInt64}, {"line", Type::kText}, {"tags", Type::kListText}, {"ok", Type::kBool}};

Fields row(std::int64_t id, const std::string& line) {
  return {{"id", id}, {"line", line}, {"tags", sage::testkit::ListOfText{"A", "B"}}, {"ok", true}};
}

// The same rows in a batch that may not be written to.
void push_shared(Harness& harness, const Rows& rows) {
  const sage::SchemaTable schema(kFields);
  const InputBatch input(schema.get(), rows, {});
  sage_batch batch = *input.get();
  batch.flags = 0;
  harness.give(&batch);
}

// The definition, byte by byte.
std::string lowered(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') {
      c = static_cast<char>(c - 'A' + 'a');
    }
  }
  return text;
}

}  // namespace

TEST_CASE("lower changes ASCII letters, and nothing else, in place") {
  Harness harness(loaded("text/lower"), {.inputs = {kFields}});
  harness.push({row(1, "ABC xyz @[`{ 09"), row(2, ""), row(3, "\xc3\x84\xc3\x96 \xff\xc1Z")},
               {5, 6, 7});
  CHECK(harness.forwarded() == 1);
  CHECK(harness.rows() ==
        Rows{row(1, "abc xyz @[`{ 09"), row(2, ""), row(3, "\xc3\x84\xc3\x96 \xff\xc1z")});
  CHECK(harness.output()[2].ts == 7);
}

TEST_CASE("lower writes new rows where others read the batch, too") {
  Harness harness(loaded("text/lower"), {.inputs = {kFields}});
  push_shared(harness, {row(1, "ABC"), row(2, ""), row(3, "\xc3\x84Z")});
  CHECK(harness.forwarded() == 0);
  CHECK(harness.rows() == Rows{row(1, "abc"), row(2, ""), row(3, "\xc3\x84z")});
}

TEST_CASE("lower leaves the bytes of the key alone where the text is the key") {
  Harness harness(loaded("text/lower"), {.inputs = {kFields}, .keys = {"line"}});
  harness.push({row(1, "ABC")});
  CHECK(harness.forwarded() == 0);
  CHECK(harness.rows() == Rows{row(1, "abc")});
}

TEST_CASE("lower treats every byte alike wherever its text lies") {
  std::mt19937 random(20261126);
  Rows given;
  Rows want;
  for (int i = 0; i < 3000; ++i) {
    std::string text(random() % 70, ' ');
    for (char& c : text) {
      c = static_cast<char>(random());
    }
    given.push_back(row(i, text));
    want.push_back(row(i, lowered(text)));
  }
  Harness in_place(loaded("text/lower"), {.inputs = {kFields}});
  in_place.push(given);
  REQUIRE(in_place.rows() == want);
  Harness copied(loaded("text/lower"), {.inputs = {kFields}});
  push_shared(copied, given);
  REQUIRE(copied.rows() == want);
}

TEST_CASE("lower hands on large rows in pieces of a call") {
  Harness harness(loaded("text/lower"), {.inputs = {kFields}});
  const Rows big(5, row(1, std::string(3 << 20, 'X')));
  push_shared(harness, big);
  CHECK(harness.calls() > 2);
  CHECK(harness.rows() == Rows(5, row(1, std::string(3 << 20, 'x'))));
}

TEST_CASE("lower wants a text field") {
  const auto make = [](const char* field) {
    return Harness(loaded("text/lower"), {.options = {{"field", field}}, .inputs = {kFields}});
  };
  CHECK_THROWS_WITH(make("id"), Catch::Contains("field 'id' is int64, not text"));
  CHECK_THROWS_WITH(make("lin"), Catch::Contains("no field 'lin'"));
}
