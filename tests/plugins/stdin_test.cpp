#include "plugins/loaded.hpp"
#include "plugins/standard_streams.hpp"

#include <sage/testkit.hpp>

#include <thread>

#include <catch2/catch.hpp>

namespace {

using sage::test::loaded;
using sage::test::Redirected;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using Lines = std::vector<std::string>;

Lines lines_of(const Harness& harness) {
  Lines lines;
  for (const auto& row : harness.rows()) {
    lines.push_back(row.front().second.text());
  }
  return lines;
}

// What stdin makes of `bytes`.
Lines read(const std::string& bytes) {
  Redirected input(STDIN_FILENO);
  input.feed(bytes);
  input.close_other();
  Harness source(loaded("io/stdin"), {});
  CHECK(source.poll_all() == SAGE_END);
  return lines_of(source);
}

}  // namespace

TEST_CASE("stdin gives every line, with or without a newline at the end") {
  CHECK(read("a\nb c\n") == Lines{"a", "b c"});
  CHECK(read("a\n\nb") == Lines{"a", "", "b"});
  CHECK(read("\n") == Lines{""});
  CHECK(read("").empty());
}

TEST_CASE("stdin drops one carriage return before a newline and keeps every other byte") {
  CHECK(read("a\r\nb\r\r\n\r\nc\rd\r") == Lines{"a", "b\r", "", "c\rd\r"});
  CHECK(read(std::string("x\0y\n\xff\n", 6)) == Lines{std::string("x\0y", 3), "\xff"});
}

TEST_CASE("stdin gives what is there and waits for the rest without blocking") {
  Redirected input(STDIN_FILENO);
  Harness source(loaded("io/stdin"), {});
  CHECK(source.poll() == SAGE_IDLE);
  CHECK(source.host().readable_fd() == STDIN_FILENO);
  input.feed("first\nsec");
  CHECK(source.poll_all() == SAGE_IDLE);
  CHECK(lines_of(source) == Lines{"first"});
  input.feed("ond\n");
  CHECK(source.poll_all() == SAGE_IDLE);
  CHECK(lines_of(source) == Lines{"first", "second"});
  input.close_other();
  CHECK(source.poll_all() == SAGE_END);
}

TEST_CASE("stdin gives no more rows at a time than it is asked for") {
  Redirected input(STDIN_FILENO);
  input.feed("a\nb\nc\n");
  input.close_other();
  Harness source(loaded("io/stdin"), {});
  CHECK(source.poll(2) == SAGE_OK);
  CHECK(lines_of(source) == Lines{"a", "b"});
  CHECK(source.poll_all(2) == SAGE_END);
  CHECK(lines_of(source) == Lines{"a", "b", "c"});
}

TEST_CASE("stdin rejects a line that no record can hold and goes on behind it") {
  constexpr std::size_t kLongest = SAGE_MAX_RECORD - 9;
  Redirected input(STDIN_FILENO);
  std::jthread writer([&] {
    const std::string bytes = "a\n" + std::string(kLongest + 1, 'x') + "\nb\n" +
                              std::string(kLongest, 'y') + "\r\n" + "c";
    for (std::size_t at = 0; at < bytes.size(); at += 4096) {
      input.feed(bytes.substr(at, 4096));
    }
    input.close_other();
  });
  Harness source(loaded("io/stdin"), {});
  sage_status status = SAGE_OK;
  while (status != SAGE_END) {
    status = source.poll();
  }
  writer.join();
  const Lines lines = lines_of(source);
  REQUIRE(lines.size() == 4);
  CHECK((lines[0] == "a" && lines[1] == "b" && lines[3] == "c"));
  CHECK((lines[2] == std::string(kLongest, 'y')));
  REQUIRE(source.rejects().size() == 1);
  CHECK(source.rejects()[0].code == SAGE_E_TOO_LARGE);
  CHECK(source.rejects()[0].raw == std::string(1024, 'x'));
  CHECK_THAT(source.rejects()[0].message, Catch::Contains("at byte 2"));
}

TEST_CASE("stdin reads objects, and a line that is none is a record error") {
  Redirected input(STDIN_FILENO);
  input.feed("{\"n\":1,\"who\":{\"name\":\"x\"}}\r\nnonsense\n\n{\"n\":2.5}\n{\"n\":3}");
  input.close_other();
  Harness source(loaded("io/stdin"),
                 {.options = {{"format", "jsonl"},
                              {"fields", OptionTable{{"name", OptionTable{{"type", "text"},
                                                                          {"from", "who.name"},
                                                                          {"default", ""}}},
                                                     {"n", "int64"}}}}});
  CHECK(source.poll_all() == SAGE_END);
  CHECK(source.json() == Lines{R"({"name":"x","n":1})", R"({"name":"","n":3})"});
  REQUIRE(source.rejects().size() == 3);
  CHECK(source.rejects()[0].raw == "nonsense");
  CHECK(source.rejects()[1].raw.empty());
  CHECK_THAT(source.rejects()[2].message, Catch::Contains("at byte 38") && Catch::Contains("'n'"));
}

TEST_CASE("stdin takes fields with jsonl and only there") {
  const OptionTable fields = {{"n", "int64"}};
  CHECK_THROWS_WITH(Harness(loaded("io/stdin"), {.options = {{"format", "jsonl"}}}),
                    Catch::Contains("fields"));
  CHECK_THROWS_WITH(Harness(loaded("io/stdin"), {.options = {{"fields", fields}}}),
                    Catch::Contains("jsonl"));
}

TEST_CASE("stdin returns from a poll even if a line never ends") {
  Redirected input(STDIN_FILENO);
  const int zeroes = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  ::dup2(zeroes, STDIN_FILENO);
  ::close(zeroes);
  Harness source(loaded("io/stdin"), {});
  for (int i = 0; i < 20; ++i) {
    CHECK(source.poll() == SAGE_OK);
  }
  CHECK(source.rejects().size() == 1);
  CHECK(source.rows().empty());
}

TEST_CASE("stdin says why it cannot be read") {
  Redirected input(STDIN_FILENO);
  ::close(STDIN_FILENO);
  Harness source(loaded("io/stdin"), {});
  CHECK_THROWS_WITH(source.poll(), Catch::Contains("cannot read standard input"));
}
