#include "folder.hpp"
#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <filesystem>
#include <sys/stat.h>

#include <catch2/catch.hpp>

namespace {

namespace fs = std::filesystem;
using sage::test::Folder;
using sage::test::loaded;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using Lines = std::vector<std::string>;

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
  const Folder temp;
  temp.put("a", "one\r\n\ntwo \r\r\n\r\nlast");
  CHECK(read(temp / "a") == Lines{"one", "", "two \r", "", "last"});
  temp.put("b", "");
  CHECK(read(temp / "b").empty());
  temp.put("c", "\n");
  CHECK(read(temp / "c") == Lines{""});
  temp.put("d", std::string("a\0b\n\xff", 5));
  CHECK(read(temp / "d") == Lines{std::string("a\0b", 3), "\xff"});
  temp.put("e", "x\r");
  CHECK(read(temp / "e") == Lines{"x\r"});
}

TEST_CASE("file reads a directory recursively in byte order, without hidden and linked entries") {
  const Folder temp;
  temp.put("d/b", "b");
  temp.put("d/a/z", "az");
  temp.put("d/B", "B");
  temp.put("d/.hidden", "no");
  temp.put("d/.git/x", "no");
  temp.put("out", "no");
  fs::create_symlink(temp / "out", temp / "d/link");
  CHECK(read(temp / "d") == Lines{"B", "az", "b"});
  CHECK(read(temp / "d/") == Lines{"B", "az", "b"});
  CHECK(read(temp / "d/link") == Lines{"no"});
}

TEST_CASE("file takes a pattern, and says which file a line is from") {
  const Folder temp;
  temp.put("logs/1.log", "x\ny");
  temp.put("logs/2.log", "z");
  temp.put("logs/2.txt", "no");
  CHECK(read(temp / "logs/*.log") == Lines{"x", "y", "z"});
  Harness harness = file(temp / "l*s/?.log", {{"meta", true}});
  harness.poll_all();
  CHECK(harness.json() == Lines{R"({"line":"x","file":"logs/1.log","offset":0})",
                                R"({"line":"y","file":"logs/1.log","offset":2})",
                                R"({"line":"z","file":"logs/2.log","offset":0})"});
}

TEST_CASE("file makes one record of a file where it is told to") {
  const Folder temp;
  temp.put("d/a", "x\ny\n");
  temp.put("d/b", std::string("\0\1", 2));
  CHECK(read(temp / "d", {{"format", "text"}}) == Lines{"x\ny\n", std::string("\0\1", 2)});
  Harness harness = file(temp / "d/b", {{"format", "binary"}, {"meta", true}});
  harness.poll_all();
  CHECK(harness.json() == Lines{R"({"data":"AAE=","file":"b","offset":0})"});
}

TEST_CASE("file makes the fields of the objects on its lines, and rejects what is none") {
  const Folder temp;
  temp.put("a", "{\"n\":1,\"t\":\"x\"}\nno\n{\"t\":\"y\",\"n\":9007199254740993}");
  const OptionTable fields = {{"n", "int64"}, {"t", "text"}};
  Harness harness = file(temp / "a", {{"format", "jsonl"}, {"fields", fields}, {"meta", true}});
  harness.poll_all();
  CHECK(harness.json() == Lines{R"({"n":1,"t":"x","file":"a","offset":0})",
                                R"({"n":9007199254740993,"t":"y","file":"a","offset":19})"});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].raw == "no");
  CHECK_THAT(harness.rejects()[0].message, Catch::Contains("at byte 16: "));
}

TEST_CASE("file takes any bytes for lines, but only UTF-8 for JSON") {
  const Folder temp;
  temp.put("a", "{\"t\":\"\xff\"}\n{\"t\":\"x\"}\n");
  CHECK(read(temp / "a") == Lines{"{\"t\":\"\xff\"}", "{\"t\":\"x\"}"});
  Harness harness = file(temp / "a", {{"format", "jsonl"}, {"fields", OptionTable{{"t", "text"}}}});
  harness.poll_all();
  CHECK(texts(harness) == Lines{"x"});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].raw == "{\"t\":\"\xff\"}");
  CHECK_THAT(harness.rejects()[0].message, Catch::Contains("not valid UTF-8"));
}

TEST_CASE("file refuses fields where there are none, and names that meet") {
  const OptionTable fields = {{"file", "text"}};
  CHECK_THROWS(file("x", {{"fields", fields}}));
  CHECK_THROWS(file("x", {{"format", "jsonl"}}));
  CHECK_THROWS(file("x", {{"format", "jsonl"}, {"fields", fields}, {"meta", true}}));
}

TEST_CASE("file rejects what does not fit a record, and reads on behind it") {
  const Folder temp;
  const std::string longest(SAGE_MAX_RECORD - 9, 'x');
  temp.put("a", "a\n" + longest + "x\nb\n" + longest + "\r\nc");
  Harness harness = file(temp / "a");
  harness.poll_all();
  CHECK(texts(harness) == Lines{"a", "b", longest, "c"});
  REQUIRE(harness.rejects().size() == 1);
  CHECK(harness.rejects()[0].code == SAGE_E_TOO_LARGE);

  temp.put("b", longest + longest);
  Harness whole = file(temp / "b", {{"format", "text"}});
  whole.poll_all();
  CHECK(whole.rows().empty());
  CHECK(whole.rejects().size() == 1);
}

TEST_CASE("file gives every line of a large file to just one instance") {
  const Folder temp;
  std::string text;
  std::uint64_t lines = 0;
  while (text.size() < (std::size_t{130} << 20)) {  // three ranges
    text += "line " + std::to_string(lines) + std::string(lines % 9973, '.') + '\n';
    ++lines;
  }
  temp.put("big", text);
  for (const std::uint32_t parallelism : {1u, 2u}) {
    std::vector<bool> seen(lines);
    for (std::uint32_t subtask = 0; subtask < parallelism; ++subtask) {
      Harness harness = file(temp / "big", {}, subtask, parallelism);
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
  const Folder temp;
  temp.put("a", "12345\n123");
  Harness harness = file(temp / "a");
  CHECK(harness.metric("total_bytes") == 9);
  harness.poll_all();
  CHECK(harness.metric("read_bytes") == 9);
}

TEST_CASE("file refuses compressed files rather than take them for text") {
  const Folder temp;
  temp.put("d/a.gz", "x");
  CHECK_THROWS_WITH(read(temp / "d"), Catch::Contains("a.gz is compressed") &&
                                          Catch::Contains("not supported yet") &&
                                          Catch::Contains("zcat"));
  Harness bytes = file(temp / "d", {{"format", "binary"}});
  bytes.poll_all();
  CHECK(bytes.rows().size() == 1);
}

TEST_CASE("file fails with the name of what it cannot read") {
  const Folder temp;
  CHECK_THROWS_WITH(read(temp / "none"),
                    Catch::Contains(temp / "none") && Catch::Contains("No such file"));
  CHECK_THROWS_WITH(read(temp / "*.none"), Catch::Contains("no file matches"));
}

TEST_CASE("file follows links that are named or matched, not those inside a directory") {
  const Folder temp;
  temp.put("out/a.log", "a");
  temp.put("in/b.log", "b");
  fs::create_symlink(temp / "out/a.log", temp / "in/l.log");
  fs::create_symlink(temp / "out", temp / "in/more.log");
  CHECK(read(temp / "in") == Lines{"b"});
  CHECK(read(temp / "in/l.log") == Lines{"a"});
  CHECK(read(temp / "in/more.log") == Lines{"a"});
  CHECK(read(temp / "in/*.log") == Lines{"b", "a", "a"});
  fs::create_symlink(temp / "nowhere", temp / "in/x.log");
  CHECK(read(temp / "in") == Lines{"b"});
  CHECK_THROWS_WITH(read(temp / "in/x.log"), Catch::Contains("No such file"));
  CHECK_THROWS_WITH(read(temp / "in/*.log"), Catch::Contains("in/x.log: No such file"));
}

TEST_CASE("file reads regular files only, and opens nothing else") {
  const Folder temp;
  temp.put("d/a.log", "a");
  REQUIRE(::mkfifo((temp / "d/f.log").c_str(), 0600) == 0);  // opening it would wait for ever
  fs::create_symlink("/dev/zero", temp / "d/z.log");
  CHECK(read(temp / "d") == Lines{"a"});
  CHECK(read(temp / "d/*.log") == Lines{"a"});
  CHECK_THROWS_WITH(read(temp / "d/[fz].log"), Catch::Contains("no file matches"));
  CHECK_THROWS_WITH(read(temp / "d/f.log"), Catch::Contains("is a FIFO"));
  CHECK_THROWS_WITH(read(temp / "d/z.log"), Catch::Contains("is a device"));
}

TEST_CASE("file says of a file that became a FIFO since it was found that it is none any more") {
  const Folder temp;
  temp.put("a", "x");
  Harness harness = file(temp / "a");
  fs::remove(temp / "a");
  REQUIRE(::mkfifo((temp / "a").c_str(), 0600) == 0);
  CHECK_THROWS_WITH(harness.poll_all(), Catch::Contains("no regular file any more"));
}
