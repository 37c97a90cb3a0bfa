#include "folder.hpp"
#include "plugins/loaded.hpp"

#include <sage/testkit.hpp>

#include <cmath>

#include <catch2/catch.hpp>

namespace {

using sage::Type;
using sage::test::Folder;
using sage::test::loaded;
using sage::testkit::Harness;
using sage::testkit::OptionTable;
using sage::testkit::Rows;
using sage::testkit::Setup;
using Names = std::vector<std::string>;

Setup words(const std::string& path, OptionTable options = {}, sage::testkit::Place place = {}) {
  options.emplace_back("path", path);
  return {.options = std::move(options), .inputs = {{{"word", Type::kText}}}, .place = place};
}

Harness sink(const Setup& setup) { return {loaded("io/file_sink"), setup}; }

Rows word(const std::string& text) { return {{{"word", text}}}; }

// A job of one instance that writes one word.
void run_job(const std::string& path, const std::string& text, OptionTable options = {}) {
  Harness job = sink(words(path, std::move(options)));
  job.push(word(text));
  job.end();
}

std::string line(const std::string& text) { return R"({"word":")" + text + "\"}\n"; }

// One file of records of every type, in `format`.
std::string all_types(const std::string& format) {
  const Folder folder;
  Harness job(loaded("io/file_sink"), {.options = {{"path", folder / "out"}, {"format", format}},
                                       .inputs = {{{"t", Type::kText},
                                                   {"b", Type::kBool},
                                                   {"n", Type::kInt64},
                                                   {"x", Type::kFloat64},
                                                   {"at", Type::kTimestamp},
                                                   {"raw", Type::kData},
                                                   {"tags", Type::kListText},
                                                   {"ns", Type::kListInt64}}}});
  job.push({{{"t", "a,\"b\"\nc"},
             {"b", true},
             {"n", -7},
             {"x", 0.1},
             {"at", 1'500'000'000},
             {"raw", "\xff\x01"},
             {"tags", sage::testkit::ListOfText{"a", "b"}},
             {"ns", sage::testkit::ListOfInt{1, 2}}},
            {{"t", "plain"}, {"x", std::nan("")}}});
  job.end();
  CHECK(job.metric("not_finite") == 1);
  return folder.read("out/part-00000." + format);
}

}  // namespace

TEST_CASE("file_sink shows a file when the job has succeeded and nothing before") {
  const Folder folder;
  Harness job = sink(words(folder / "a/b"));
  job.push(word("x"));
  job.push(word("y"));
  const std::string handle = job.prepare();
  CHECK(folder.names("a/b") == Names{"staged/"});
  job.commit(handle);
  CHECK(folder.names("a/b") == Names{"part-00000.jsonl"});
  CHECK(folder.read("a/b/part-00000.jsonl") == line("x") + line("y"));
}

TEST_CASE("file_sink leaves nothing of a job that failed") {
  const Folder folder;
  Harness job = sink(words(folder / "out"));
  job.push(word("x"));
  job.abort();
  CHECK(folder.names("out").empty());
}

TEST_CASE("file_sink is committed by another process that has only the handle") {
  const Folder folder;
  std::string handle;
  {
    Harness job = sink(words(folder / "out"));
    job.push(word("x"));
    handle = job.prepare();
  }
  CHECK(folder.names("out") == Names{"staged/"});
  Setup later = words(folder / "elsewhere");
  later.open = false;
  Harness other = sink(later);
  other.commit(handle);
  other.commit(handle);
  CHECK(folder.names("out") == Names{"part-00000.jsonl"});
  CHECK(folder.read("out/part-00000.jsonl") == line("x"));
  CHECK_FALSE(folder.has("elsewhere"));
}

TEST_CASE("file_sink says so when what it prepared is gone") {
  const Folder folder;
  Harness job = sink(words(folder / "out"));
  job.push(word("x"));
  const std::string handle = job.prepare();
  std::filesystem::remove(folder / "out/staged/instance-00000");
  CHECK_THROWS_WITH(job.commit(handle), Catch::Contains("was removed"));
  CHECK_THROWS_WITH(job.commit("x"), Catch::Contains("handle"));
}

TEST_CASE("file_sink takes no file of another job for its own when a commit is repeated") {
  const Folder folder;
  Harness job = sink(words(folder / "out"));
  job.push(word("x"));
  const std::string handle = job.prepare();
  job.commit(handle);
  std::filesystem::remove(folder / "out/part-00000.jsonl");
  folder.put("out/part-00000.jsonl", "of somebody else");
  folder.put("out/staged/instance-00000", "of somebody else");
  CHECK_THROWS_WITH(job.commit(handle), Catch::Contains("was removed"));
  CHECK(folder.read("out/part-00000.jsonl") == "of somebody else");
  CHECK(folder.has("out/staged/instance-00000"));
}

TEST_CASE("file_sink makes a file for every instance that got rows") {
  const Folder folder;
  Harness first = sink(words(folder / "out", {}, {.subtask = 0, .parallelism = 3}));
  Harness second = sink(words(folder / "out", {}, {.subtask = 1, .parallelism = 3}));
  Harness third = sink(words(folder / "out", {}, {.subtask = 2, .parallelism = 3}));
  first.push(word("x"));
  third.push(word("z"));
  first.end();
  second.end();
  third.end();
  CHECK(folder.names("out") == Names{"part-00000.jsonl", "part-00002.jsonl"});
  CHECK(folder.read("out/part-00002.jsonl") == line("z"));
}

TEST_CASE("file_sink refuses a directory with the files of an earlier job") {
  const Folder folder;
  run_job(folder / "out", "x");
  CHECK_THROWS_WITH(run_job(folder / "out", "y"),
                    Catch::Contains(folder / "out") && Catch::Contains("if_exists"));
  CHECK(folder.names("out") == Names{"part-00000.jsonl"});
  folder.put("fine/README", "not a part");
  folder.put("fine/staged/notes", "not ours");
  run_job(folder / "fine", "x");
  CHECK(folder.names("fine") == Names{"README", "part-00000.jsonl", "staged/"});
}

TEST_CASE("file_sink numbers appended files behind those that are there") {
  const Folder folder;
  run_job(folder / "out", "x");
  run_job(folder / "out", "y", {{"if_exists", "append"}});
  CHECK(folder.read("out/part-00001.jsonl") == line("y"));
  folder.put("out/part-00006.csv", "");
  std::vector<std::unique_ptr<Harness>> jobs;
  for (std::uint32_t i = 0; i < 3; ++i) {
    jobs.push_back(std::make_unique<Harness>(
        loaded("io/file_sink"),
        words(folder / "out", {{"if_exists", "append"}}, {.subtask = i, .parallelism = 3})));
    jobs.back()->push(word("z"));
  }
  for (const auto& job : jobs) {
    job->end();
  }
  CHECK(folder.names("out") == Names{"part-00000.jsonl", "part-00001.jsonl", "part-00006.csv",
                                     "part-00007.jsonl", "part-00008.jsonl", "part-00009.jsonl"});
  CHECK(folder.read("out/part-00000.jsonl") == line("x"));
}

TEST_CASE("file_sink never appends over a file that came while the job ran") {
  const Folder folder;
  Harness job = sink(words(folder / "out", {{"if_exists", "append"}}));
  job.push(word("x"));
  folder.put("out/part-00000.jsonl", "of somebody else");
  CHECK_THROWS_WITH(job.end(), Catch::Contains("part-00000.jsonl: File exists"));
  CHECK(folder.read("out/part-00000.jsonl") == "of somebody else");
}

TEST_CASE("file_sink replaces only part files and only when the job has succeeded") {
  const Folder folder;
  for (const char* name : {"part-00000.jsonl", "part-00001.csv", "part-00003.jsonl", "part-x",
                           "parts/inside", "notes.txt"}) {
    folder.put(std::string("out/") + name, "old");
  }
  {
    Harness failed = sink(words(folder / "out", {{"if_exists", "replace"}}));
    failed.push(word("x"));
    failed.abort();
  }
  CHECK(folder.names("out").size() == 6);
  run_job(folder / "out", "x", {{"if_exists", "replace"}});
  CHECK(folder.names("out") == Names{"notes.txt", "part-00000.jsonl", "parts/"});
  CHECK(folder.read("out/part-00000.jsonl") == line("x"));
}

TEST_CASE("file_sink refuses a directory in the way of a part before anything is written") {
  for (const char* mode : {"fail", "append", "replace"}) {
    const Folder folder;
    folder.put("out/part-00001.jsonl/inside", "old");
    CHECK_THROWS_WITH(sink(words(folder / "out", {{"if_exists", mode}})),
                      Catch::Contains("part-00001.jsonl is a directory"));
    CHECK(folder.names("out") == Names{"part-00001.jsonl/"});
  }
}

TEST_CASE("file_sink may repeat the commit of an instance without harm to its siblings") {
  const Folder folder;
  for (int i = 0; i < 5; ++i) {
    folder.put("out/part-0000" + std::to_string(i) + ".jsonl", "old");
  }
  const auto instance = [&](std::uint32_t i) {
    return words(folder / "out", {{"if_exists", "replace"}}, {.subtask = i, .parallelism = 2});
  };
  Harness first = sink(instance(0));
  Harness second = sink(instance(1));
  first.push(word("x"));
  second.push(word("y"));
  const std::string handles[] = {first.prepare(), second.prepare()};
  for (int round = 0; round < 2; ++round) {
    second.commit(handles[1]);
    CHECK(folder.read("out/part-00001.jsonl") == line("y"));
    first.commit(handles[0]);
    CHECK(folder.names("out") == Names{"part-00000.jsonl", "part-00001.jsonl"});
    CHECK(folder.read("out/part-00000.jsonl") == line("x"));
  }
}

TEST_CASE("file_sink removes the old files also where a job has no rows") {
  const Folder folder;
  run_job(folder / "out", "x");
  Harness job = sink(words(folder / "out", {{"if_exists", "replace"}, {"format", "csv"}}));
  job.end();
  CHECK(folder.names("out").empty());
}

TEST_CASE("file_sink removes what dead attempts left and nothing of a job that lives") {
  const Folder folder;
  {
    Harness dead = sink(words(folder / "out", {}, {.subtask = 0, .parallelism = 8}));
    Harness seventh = sink(words(folder / "out", {}, {.subtask = 7, .parallelism = 8}));
    dead.push(word("of the dead attempt"));
    seventh.prepare();
  }
  CHECK(folder.names("out/staged") == Names{"instance-00000", "instance-00007"});
  Harness living = sink(words(folder / "out"));
  CHECK(folder.names("out/staged") == Names{"instance-00000"});
  CHECK_THROWS_WITH(sink(words(folder / "out")),
                    Catch::Contains("another job or stage") && Catch::Contains(folder / "out"));
  living.push(word("x"));
  living.end();
  CHECK(folder.read("out/part-00000.jsonl") == line("x"));
}

TEST_CASE("file_sink names the directory and the reason when it cannot be written") {
  const Folder folder;
  folder.put("file", "");
  CHECK_THROWS_WITH(sink(words(folder / "file")),
                    Catch::Contains(folder / "file: Not a directory"));
  CHECK_THROWS_WITH(sink(words(folder / "file/below")), Catch::Contains("Not a directory"));
  CHECK_THROWS_WITH(sink(words("")), Catch::Contains("path"));
}

TEST_CASE("file_sink writes jsonl with fields in schema order") {
  CHECK(all_types("jsonl") ==
        R"({"t":"a,\"b\"\nc","b":true,"n":-7,"x":0.1,"at":"1970-01-01T00:00:01.500Z","raw":"/wE=",)"
        R"("tags":["a","b"],"ns":[1,2]})"
        "\n"
        R"({"t":"plain","b":false,"n":0,"x":null,"at":"1970-01-01T00:00:00Z","raw":"","tags":[],)"
        R"("ns":[]})"
        "\n");
}

TEST_CASE("file_sink writes csv with a header and quotes where it must") {
  CHECK(all_types("csv") ==
        "t,b,n,x,at,raw,tags,ns\n"
        "\"a,\"\"b\"\"\nc\",true,-7,0.1,1970-01-01T00:00:01.500Z,/wE=,\"[\"\"a\"\",\"\"b\"\"]\","
        "\"[1,2]\"\n"
        "plain,false,0,,1970-01-01T00:00:00Z,,\"[]\",\"[]\"\n");
}

TEST_CASE("file_sink leaves no empty line in a csv file of one field") {
  const Folder folder;
  run_job(folder / "out", "", {{"format", "csv"}});
  CHECK(folder.read("out/part-00000.csv") == "word\n\"\"\n");
}

TEST_CASE("file_sink mends text that is not UTF-8 in jsonl and csv and counts it") {
  for (const std::string format : {"jsonl", "csv"}) {
    const Folder folder;
    Harness job = sink(words(folder / "out", {{"format", format}}));
    job.push(word("gr\xc3\xbc\xdf,"));
    job.end();
    CHECK(job.metric("replaced_utf8") == 1);
    CHECK_THAT(folder.read("out/part-00000." + format),
               Catch::Contains("\"gr\xc3\xbc\xef\xbf\xbd,\""));
  }
}

TEST_CASE("file_sink writes the one field of a txt file byte for byte") {
  const Folder folder;
  run_job(folder / "out", std::string("a\t\xdf\0b", 5), {{"format", "txt"}});
  CHECK(folder.read("out/part-00000.txt") == std::string("a\t\xdf\0b\n", 6));
  Harness numbers(loaded("io/file_sink"),
                  {.options = {{"path", folder / "numbers"}, {"format", "txt"}},
                   .inputs = {{{"x", Type::kFloat64}}}});
  numbers.push({{{"x", 1.5}}, {{"x", -INFINITY}}});
  numbers.end();
  CHECK(folder.read("numbers/part-00000.txt") == "1.5\n-inf\n");
}

TEST_CASE("file_sink takes txt only for one field that is no list") {
  const Folder folder;
  const OptionTable options = {{"path", folder / "out"}, {"format", "txt"}};
  const std::vector<sage::FieldSpec> two = {{"a", Type::kText}, {"b", Type::kText}};
  CHECK_THROWS_WITH(Harness(loaded("io/file_sink"), {.options = options, .inputs = {two}}),
                    Catch::Contains("format") && Catch::Contains("one field"));
  CHECK_THROWS(Harness(loaded("io/file_sink"),
                       {.options = options, .inputs = {{{"tags", Type::kListText}}}}));
}

TEST_CASE("file_sink loses no byte of much output") {
  const Folder folder;
  Harness job = sink(words(folder / "out", {{"format", "txt"}}));
  std::string expected;
  for (int batch = 0; batch < 40; ++batch) {
    Rows rows;
    for (int i = 0; i < 1000; ++i) {
      rows.push_back({{"word", std::to_string(batch * 1000 + i) + std::string(i % 50, 'x')}});
      expected += rows.back().front().second.text() + "\n";
    }
    job.push(rows);
  }
  job.push(word(std::string(3 << 20, 'y')));
  expected += std::string(3 << 20, 'y') + "\n";
  job.end();
  CHECK((folder.read("out/part-00000.txt") == expected));
}
