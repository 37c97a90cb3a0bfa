#include "spec/render.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::render;

namespace {

std::string shown(const std::string& line, std::uint32_t column, std::uint32_t length,
                  std::size_t width = 100) {
  const std::vector<std::string> lines(17, line);
  const Error error{ErrorKind::kInvalid, "E0107", "wrong", "", Place{"f.toml", 7, column, length}};
  const std::string all = render(error, "f.toml", lines, {false, width});
  const std::string head =
      "error[SAGE-E0107]: wrong\n --> f.toml:7:" + std::to_string(column) + "\n  |\n";
  REQUIRE(all.substr(0, head.size()) == head);
  return all.substr(head.size());
}

}  // namespace

TEST_CASE("render: what, where, the line, the mark and the hint", "[spec]") {
  std::vector<std::string> lines(17, "with = { gapp = \"30m\" }");
  const Error error{ErrorKind::kInvalid, "E0107", "unknown option `gapp` of acme/user_session",
                    "did you mean `gap`?", Place{"draft.toml", 17, 10, 4}};
  CHECK(render(error, "draft.toml", lines, {}) ==
        "error[SAGE-E0107]: unknown option `gapp` of acme/user_session\n"
        "  --> draft.toml:17:10\n"
        "   |\n"
        "17 | with = { gapp = \"30m\" }\n"
        "   |          ^^^^ did you mean `gap`?\n");
}

TEST_CASE("render: warnings, and places without a line", "[spec]") {
  Error error{ErrorKind::kIo, "W0101",      "no effect",
              "leave it out", std::nullopt, Severity::kWarning};
  CHECK(render(error, "f", {}, {}) == "warning[SAGE-W0101]: no effect\n  = help: leave it out\n");
  error.place = Place{"f", 3, 1, 1};
  CHECK(render(error, "f", {}, {}) ==
        "warning[SAGE-W0101]: no effect\n --> f:3:1\n  = help: leave it out\n");
  error.place = Place{"--set a.b=1", 1, 5, 1};
  CHECK(render(error, "f", {}, {}) ==
        "warning[SAGE-W0101]: no effect\n --> --set a.b=1\n  = help: leave it out\n");
  error.hint.clear();
  CHECK(render(error, "f", {}, {}) == "warning[SAGE-W0101]: no effect\n --> --set a.b=1\n");
}

TEST_CASE("render: the mark stands under what it means, whatever is before it", "[spec]") {
  CHECK(shown("ab cd", 4, 2) == "7 | ab cd\n  |    ^^\n");
  CHECK(shown("\xc3\xa9 cd", 4, 2) == "7 | \xc3\xa9 cd\n  |   ^^\n");
  CHECK(shown("\xe6\xbc\xa2 cd", 5, 2) == "7 | \xe6\xbc\xa2 cd\n  |    ^^\n");  // two columns wide
  CHECK(shown("\tcd", 2, 2) == "7 |     cd\n  |     ^^\n");
  CHECK(shown("ab", 3, 1) == "7 | ab\n  |   ^\n");   // behind the end
  CHECK(shown("ab", 90, 9) == "7 | ab\n  |   ^\n");  // far behind it
  CHECK(shown("abc", 2, 500) == "7 | abc\n  |  ^^\n");
  CHECK(shown("", 1, 1) == "7 | \n  | ^\n");
}

TEST_CASE("render: nothing of the file can steer the terminal", "[spec]") {
  CHECK(shown("a\x1b[31m\x07", 1, 1) == "7 | a\\x1b[31m\\x07\n  | ^\n");
  CHECK(shown("a\xff"
              "b",
              3, 1) == "7 | a\\xffb\n  |      ^\n");
  CHECK(shown("a\xe2\x80\xae"
              "b",
              5, 1) == "7 | a\\u{202e}b\n  |          ^\n");
  const Error error{ErrorKind::kInvalid, "E0106", "unknown key `\x1b]0;x\x07\n`", "no\x1b[1m",
                    Place{"f\n", 1, 1, 1}};
  const std::string all = render(error, "g", {}, {});
  CHECK(
      all ==
      "error[SAGE-E0106]: unknown key `\\x1b]0;x\\x07\\n`\n --> f\\n:1:1\n  = help: no\\x1b[1m\n");
}

TEST_CASE("render: long lines are cut around the place", "[spec]") {
  const std::string line = std::string(500, 'a') + "XY" + std::string(500, 'b');
  CHECK(shown(line, 501, 2, 20) == "7 | ...aaaaaaaaaaXYbbbbb...\n  |              ^^\n");
  CHECK(shown(line, 1, 2, 20) == "7 | aaaaaaaaaaaaaaaaaaaa...\n  | ^^\n");
  CHECK(shown(line, 1001, 2, 20) == "7 | ...bbbbbbbbbbbb\n  |              ^^\n");
  CHECK(shown(std::string(1 << 20, 'x'), 1 << 19, 1 << 18).size() < 400);
}

TEST_CASE("render: colour only where it is wanted", "[spec]") {
  const std::vector<std::string> lines = {"abc"};
  const Error error{ErrorKind::kInvalid, "E0106", "wrong", "", Place{"f", 1, 1, 1}};
  CHECK(render(error, "f", lines, {}).find('\x1b') == std::string::npos);
  CHECK(render(error, "f", lines, {true, 100}).find("\x1b[1;31m") != std::string::npos);
}

TEST_CASE("render: any line and any place", "[spec]") {
  const unsigned seed = std::random_device{}();
  std::mt19937 generator(seed);
  CAPTURE(seed);
  const auto random = [&] { return static_cast<std::uint32_t>(generator()); };
  for (int round = 0; round < 5000; ++round) {
    std::string line(random() % 200, ' ');
    std::generate(line.begin(), line.end(), [&] { return static_cast<char>(random() % 256); });
    const Error error{ErrorKind::kInvalid, "E0106", line, line,
                      Place{"f", random() % 3, random() % 300, random() % 300}};
    const std::vector<std::string> lines = {line, line};
    const std::string all = render(error, "f", lines, {false, random() % 100});
    REQUIRE(is_valid_utf8(all));
    REQUIRE(std::none_of(all.begin(), all.end(), [](char c) { return c == '\x1b' || c == '\r'; }));
  }
}
