#include "spec/pipeline.hpp"

#include "spec/parse.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

using namespace sage;  // NOLINT(google-build-using-namespace)
using spec::found;
using spec::load_pipeline;
using spec::messages;
using spec::one_stage;
using spec::parse;
using spec::parse_pipeline;

namespace {

constexpr std::string_view kWordCount =
    R"(sage = 1                                   # file-format version
[pipeline]
name = "wordcount"
parallelism = 2
max_parallelism = 256

[[stage]]
id   = "lines"
use  = "io/file"
with = { path = "${BOOKS:-/usr/share/common-licenses/}", format = "lines" }

[[stage]]
id   = "words"
use  = "text@1.2/split"
parallelism = 8
partition = { use = "acme/by_tenant", with = { n = 1 } }
on_error = "dead_letter"
retry = { times = 3, backoff = "100ms", max = "10s" }
batch = { max = 64, linger = "20ms" }

[[stage]]
id     = "count"
use    = "agg/count"
from   = ["words", "lines.late"]
key_by = "word"
isolation = "in-process"

[[stage]]
id   = "out"
use  = "io/file_sink"
key_by = ["a", "b"]
partition = "global"
with.path = "counts/"
with.if_exists = "replace"

[[test]]
name  = "counts words"
at    = ["words", "count"]
given = [{ line = "a b a" }]
want  = [{ word = "a", n = 2 }, { word = "b", n = 1 }]
)";

class TempDir {
 public:
  TempDir() {
    std::string name = (std::filesystem::temp_directory_path() / "sage_spec_XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~TempDir() { std::filesystem::remove_all(path_); }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  std::string file(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return (path_ / name).string();
  }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace

TEST_CASE("pipeline: everything that is written arrives", "[spec]") {
  const spec::Parsed parsed = parse(kWordCount);
  INFO(messages(parsed.findings));
  REQUIRE(!has_errors(parsed.findings));
  REQUIRE(parsed.findings.size() == 1);  // `batch` is not supported yet
  const spec::Pipeline& all = parsed.pipeline;
  CHECK(all.file == "p.toml");
  CHECK(all.name.value == "wordcount");
  CHECK(all.name.place.line == 3);
  CHECK(all.parallelism == 2);
  CHECK(all.max_parallelism == 256);
  REQUIRE(all.stages.size() == 4);
  CHECK(parsed.lines.at(1) == "[pipeline]");
}

TEST_CASE("pipeline: the keys of a stage", "[spec]") {
  const spec::Pipeline all = parse(kWordCount).pipeline;
  REQUIRE(all.stages.size() == 4);
  const spec::Stage& lines = all.stages[0];
  CHECK(lines.id.value == "lines");
  CHECK(lines.place.line == 7);
  CHECK(lines.use.text() == "io/file");
  CHECK(*spec::find(lines.with, "path")->text() == "/usr/share/common-licenses/");
  CHECK(spec::find(lines.with, "path")->interpolated);
  CHECK(!spec::find(lines.with, "format")->interpolated);
  CHECK(!lines.from);
  CHECK(!lines.parallelism);
  CHECK(!lines.partition);
  CHECK(lines.on_error == OnError::kFail);
  const spec::Stage& words = all.stages[1];
  CHECK(words.use.plugin == "text");
  CHECK(words.use.version == "1.2");
  CHECK(words.use.op == "split");
  CHECK(words.use.text() == "text@1.2/split");
  CHECK(words.parallelism->value == 8);
  CHECK(words.parallelism->place.line == 15);
  REQUIRE(words.partition);
  CHECK(words.partition->kind == spec::PartitionKind::kCustom);
  CHECK(words.partition->use->text() == "acme/by_tenant");
  CHECK(words.partition->with.size() == 1);
  CHECK(words.on_error == OnError::kDeadLetter);
  CHECK(words.on_error_place.line == 17);
  CHECK(words.retry->times == 3);
  CHECK(words.retry->backoff_ns == 100'000'000);
  CHECK(words.retry->max_ns == 10'000'000'000);
  CHECK(words.batch->max == 64);
  CHECK(words.batch->linger_ns == 20'000'000);
  const spec::Stage& count = all.stages[2];
  REQUIRE(count.from);
  CHECK(count.from->at(1).value == "lines.late");
  CHECK(count.from->at(1).place.column == 20);
  CHECK(count.key_by.at(0).value == "word");
  const spec::Stage& out = all.stages[3];
  CHECK(out.key_by.size() == 2);
  CHECK(out.partition->kind == spec::PartitionKind::kGlobal);
  CHECK(out.with.size() == 2);
}

TEST_CASE("pipeline: the rows of a test", "[spec]") {
  const spec::Pipeline all = parse(kWordCount).pipeline;
  REQUIRE(all.tests.size() == 1);
  CHECK(all.tests[0].name.value == "counts words");
  CHECK(all.tests[0].at.size() == 2);
  REQUIRE(all.tests[0].want.size() == 2);
  CHECK(std::get<std::int64_t>(spec::find(*all.tests[0].want[0].table(), "n")->data) == 2);
}

TEST_CASE("pipeline: the compact form says the same", "[spec]") {
  const spec::Parsed parsed = parse(
      "sage = 1\npipeline = { name = \"x\", parallelism = 3 }\nstage = [\n"
      "  { id = \"a\", use = \"io/file\", with = { path = \"x\" } },\n  { id = \"b\", use = "
      "\"io/null\" },\n]\n");
  INFO(messages(parsed.findings));
  CHECK(parsed.findings.empty());
  REQUIRE(parsed.pipeline.stages.size() == 2);
  CHECK(parsed.pipeline.parallelism == 3);
  CHECK(parsed.pipeline.stages[1].place.line == 5);
  CHECK(parsed.pipeline.stages[1].place.column == 3);
}

TEST_CASE("pipeline: each kind of partition and each on_error", "[spec]") {
  const auto kind = [](const std::string& name) {
    return parse(one_stage("partition = \"" + name + "\"")).pipeline.stages.at(0).partition->kind;
  };
  CHECK(kind("forward") == spec::PartitionKind::kForward);
  CHECK(kind("rebalance") == spec::PartitionKind::kRebalance);
  CHECK(kind("broadcast") == spec::PartitionKind::kBroadcast);
  CHECK(kind("global") == spec::PartitionKind::kGlobal);
  const auto on_error = [](const std::string& name) {
    return parse(one_stage("on_error = \"" + name + "\"")).pipeline.stages.at(0).on_error;
  };
  CHECK(on_error("fail") == OnError::kFail);
  CHECK(on_error("skip") == OnError::kSkip);
  CHECK(on_error("dead_letter") == OnError::kDeadLetter);
}

TEST_CASE("pipeline: keys without effect warn, and the values are kept", "[spec]") {
  const auto resources =
      parse(one_stage("resources = { num_cpus = 0.5, memory = \"512MB\", num_gpus = 2 }"));
  CHECK(found(resources.findings) == "W0101 5:13");
  CHECK(!has_errors(resources.findings));
  CHECK(resources.pipeline.stages.at(0).resources->num_cpus == 0.5);
  CHECK(resources.pipeline.stages.at(0).resources->memory == 512'000'000);
  CHECK(resources.pipeline.stages.at(0).resources->num_gpus == 2);
  CHECK(
      found(
          parse("sage = 1\n[pipeline]\ncheckpoint = { every = \"10s\", mode = \"exactly_once\", "
                "dir = \"c/\", keep = 3, timeout = \"60s\" }\nrestart = { strategy = "
                "\"exponential\", initial = \"1s\", max = \"60s\", multiplier = 2.0, attempts = "
                "10 }\nplacement = \"spread\"\n[cluster]\naddress = \"sage://h:1\"\nnum_cpus = 16\n"
                "num_gpus = 4\n[[stage]]\nid = \"a\"\nuse = \"io/file\"\nisolation = \"process\"")
              .findings) == "W0102 3:14, W0102 4:11, W0101 5:13, W0101 6:1, W0102 13:13");
}

TEST_CASE("pipeline: a file without a name is named after itself", "[spec]") {
  const auto name = [](const std::string& file) {
    return parse_pipeline("sage = 1", file, {}).pipeline.name.value;
  };
  CHECK(name("jobs/word count.toml") == "word-count");
  CHECK(name("Main.v2.toml") == "main-v2");
  CHECK(name("x") == "x");
  CHECK(name("/tmp/.toml") == "pipeline");
  CHECK(name(std::string(100, 'a') + ".toml") == std::string(63, 'a'));
}

TEST_CASE("pipeline: the limits of names are exact", "[spec]") {
  const auto use = [](const std::string& text) {
    return found(parse("sage = 1\n[[stage]]\nid = \"a\"\nuse = \"" + text + "\"").findings);
  };
  CHECK(use(std::string(63, 'a') + "/b").empty());
  CHECK(use(std::string(64, 'a') + "/b") == "E0117 4:7");
  CHECK(use("a@1/b").empty());
  CHECK(use("a@1.20.3/b").empty());
  CHECK(use("a@1./b") == "E0117 4:7");
  CHECK(use("a@/b") == "E0117 4:7");
  CHECK(use("0-_/0_-").empty());
  CHECK(use("_a/b") == "E0117 4:7");
  const auto groups = [](const std::string& text) {
    return found(
        parse("sage = 1\npipeline.max_parallelism = " + text + "\n" + one_stage("").substr(9))
            .findings);
  };
  CHECK(groups("32768").empty());
  CHECK(groups("1").empty());
  CHECK(groups("32769") == "E0111 2:28");
}

TEST_CASE("pipeline: a stream may be named twice in `from`", "[spec]") {
  const auto parsed = parse(one_stage("from = [\"b\", \"b\"]"));
  CHECK(parsed.findings.empty());
  CHECK(parsed.pipeline.stages.at(0).from->size() == 2);
}

TEST_CASE("pipeline: a byte order mark is no part of the text", "[spec]") {
  CHECK(found(parse("\xef\xbb\xbf" + one_stage("")).findings).empty());
  CHECK(found(parse("\xef\xbb\xbfsage = 2").findings) == "E0121 1:8");
}

TEST_CASE("pipeline: hints name what was probably meant", "[spec]") {
  CHECK(parse(one_stage("paralelism = 3")).findings.at(0).hint == "did you mean `parallelism`?");
  CHECK(parse(one_stage("on_error = \"skp\"")).findings.at(0).hint == "did you mean `skip`?");
  CHECK(
      parse(one_stage("zzzz = 3")).findings.at(0).hint ==
      "known: id, use, with, from, parallelism, key_by, partition, resources, watermark, on_error, "
      "retry, batch, isolation");
}

TEST_CASE("pipeline: an empty file, of nothing or of white space", "[spec]") {
  for (const char* text : {"", "\n", "  \n\t\n", "# x"}) {
    const spec::Parsed parsed = parse(text);
    CHECK(found(parsed.findings) == "E0123 1:1");
    CHECK(parsed.findings.at(0).kind == ErrorKind::kInvalid);
  }
}

TEST_CASE("load: what cannot be read is an I/O error at 1:1", "[spec]") {
  const TempDir dir;
  const auto code = [](const std::string& file) {
    const spec::Parsed parsed = load_pipeline(file, {});
    REQUIRE(parsed.findings.size() == 1);
    CHECK(parsed.findings[0].kind == ErrorKind::kIo);
    CHECK(parsed.findings[0].place->file == file);
    return found(parsed.findings);
  };
  CHECK(code(dir.path("nothing.toml")) == "E0701 1:1");
  CHECK(code(dir.file("file", "") + "/below") == "E0701 1:1");
  CHECK(code(dir.path("")) == "E0703 1:1");
  CHECK(code("") == "E0701 1:1");
  const std::string secret = dir.file("secret.toml", "sage = 1");
  ::chmod(secret.c_str(), 0);
  if (::geteuid() != 0)
    CHECK(code(secret) == "E0702 1:1");
}

TEST_CASE("load: files, and what only looks like one", "[spec]") {
  const TempDir dir;
  const spec::Parsed good = load_pipeline(dir.file("good.toml", one_stage("")), {});
  CHECK(good.findings.empty());
  CHECK(good.pipeline.name.value == "good");
  CHECK(good.lines.size() == 5);
  CHECK(found(load_pipeline("/dev/null", {}).findings) == "E0123 1:1");
  CHECK(found(load_pipeline("/dev/zero", {}).findings) == "E0105 1:1");
  const std::string pipe = dir.path("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(found(load_pipeline(pipe, {}).findings) == "E0123 1:1");  // nobody writes: empty
}
