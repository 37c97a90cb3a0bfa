#include "plugins/loaded.hpp"
#include "temp_folder.hpp"

#include <sage/testkit.hpp>

#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;
using sage::test::loaded;
using sage::test::TempFolder;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using Lines = std::vector<std::string>;

void write(const std::string& path, std::string_view text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Harness file(const std::string& path, OptionTable options = {}, std::uint32_t subtask = 0,
             std::uint32_t parallelism = 1) {
  options.push_back({"path", path});
  return {
      loaded("io/file"),
      {.options = std::move(options), .place = {.subtask = subtask, .parallelism = parallelism}}};
}

Lines texts(const Harness& harness) {
  Lines lines;
  for (const auto& row : harness.rows()) {
    lines.push_back(row.front().second.text());
  }
  return lines;
}

Lines read(const std::string& path, OptionTable options = {}) {
  Harness harness = file(path, std::move(options));
  harness.poll_all();
  return texts(harness);
}

}  // namespace

TEST_CASE("file makes a record of every line, of empty ones and of a last one without newline") {
  const TempFolder temp;
  write(temp.path("a"), "one\r\n\ntwo \r\r\n\r\nlast");
  CHECK(read(temp.path("a")) == Lines{"one", "", "two \r", "", "last"});
  write(temp.path("b"), "");
  CHECK(read(temp.path("b")).empty());
  write(temp.path("c"), "\n");
  CHECK(read(temp.path("c")) == Lines{""});
  write(temp.path("d"), std::string("a\0b\n\xff", 5));
  CHECK(read(temp.path("d")) == Lines{std::string("a\0b", 3), "\xff"});
  write(temp.path("e"), "x\r");
  CHECK(read(temp.path("e")) == Lines{"x\r"});
}

TEST_CASE("file reads a directory recursively in byte order, without hidden and linked entries") {
  const TempFolder temp;
  write(temp.path("d/b"), "b");
  write(temp.path("d/a/z"), "az");
  write(temp.path("d/B"), "B");
  write(temp.path("d/.hidden"), "no");
  write(temp.path("d/.git/x"), "no");
  write(temp.path("out"), "no");
  fs::create_symlink(temp.path("out"), temp.path("d/link"));
  CHECK(read(temp.path("d")) == Lines{"B", "az", "b"});
  CHECK(read(temp.path("d/")) == Lines{"B", "az", "b"});
  CHECK(read(temp.path("d/link")) == Lines{"no"});
}

TEST_CASE("file takes a pattern, and says which file a line is from") {
  const TempFolder temp;
  write(temp.path("logs/1.log"), "x\ny");
  write(temp.path("logs/2.log"), "z");
  write(temp.path("logs/2.txt"), "no");
  CHECK(read(temp.path("logs/*.log")) == Lines{"x", "y", "z"});
  Harness harness = file(temp.path("l*s/?.log"), {{"meta", true}});
  harness.poll_all();
  CHECK(harness.json() == Lines{R"({"line":"x","file":"logs/1.log","offset":0})",
                                R"({"line":"y","file":"logs/1.log","offset":2})",
                                R"({"line":"z","file":"logs/2.log","offset":0})"});
}

TEST_CASE("file makes one record of a file where it is told to") {
  const TempFolder temp;
  write(temp.path("d/a"), "x\ny\n");
  write(temp.path("d/b"), std::string("\0\1", 2));
  CHECK(read(temp.path("d"), {{"format", "text"}}) == Lines{"x\ny\n", std::string("\0\1", 2)});
  Harness harness = file(temp.path("d/b"), {{"format", "binary"}, {"meta", true}});
  harness.poll_all();
  CHECK(harness.json() == Lines{R"({"data":"AAE=","file":"b","offset":0})"});
}

TEST_CASE("file rejects what does not fit a record, and reads on behind it") {
  const TempFolder temp;
  const std::string longest(SAGE_MAX_RECORD - 9, 'x');
  write(temp.path("a"), "a\n" + longest + "x\nb\n" + longest + "\r\nc");
  Harness harness = file(temp.path("a"));
  harness.poll_all();
  CHECK(texts(harness) == Lines{"a", "b", longest, "c"});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].code == SAGE_E_TOO_LARGE);

  write(temp.path("b"), longest + longest);
  Harness whole = file(temp.path("b"), {{"format", "text"}});
  whole.poll_all();
  CHECK(whole.rows().empty());
  CHECK(whole.rejects().size() == 1);
}

TEST_CASE("file gives every line of a large file to just one instance") {
  const TempFolder temp;
  std::string text;
  std::uint64_t lines = 0;
  while (text.size() < (std::size_t{130} << 20)) {  // three ranges
    text += "line " + std::to_string(lines) + std::string(lines % 9973, '.') + '\n';
    ++lines;
  }
  write(temp.path("big"), text);
  for (const std::uint32_t parallelism : {1u, 2u}) {
    std::vector<bool> seen(lines);
    for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
      Harness harness = file(temp.path("big"), {}, subtask, parallelism);
      harness.poll_all(65'536);
      for (const auto& row : harness.rows()) {
        const auto number = std::stoull(row.front().second.text().substr(5));
        REQUIRE(!seen[number]);
        seen[number] = true;
      }
    }
    CHECK(std::ranges::count(seen, true) == static_cast<std::ptrdiff_t>(lines));
  }
}

TEST_CASE("file says how much it has read of how much") {
  const TempFolder temp;
  write(temp.path("a"), "12345\n123");
  Harness harness = file(temp.path("a"));
  CHECK(harness.metric("total_bytes") == 9);
  harness.poll_all();
  CHECK(harness.metric("read_bytes") == 9);
}

TEST_CASE("file fails with the name of what it cannot read") {
  const TempFolder temp;
  CHECK_THROWS_WITH(read(temp.path("none")),
                    Catch::Contains(temp.path("none")) && Catch::Contains("No such file"));
  CHECK_THROWS_WITH(read(temp.path("*.none")), Catch::Contains("no file matches"));
  CHECK_THROWS_WITH(read("/dev/null"), Catch::Contains("neither a file nor a directory"));
}
