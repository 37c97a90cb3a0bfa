#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

#include <filesystem>
#include <fstream>

using sage::testkit::expect;
using sage::testkit::Harness;
using sage::testkit::require;

namespace {

const std::string kPath = "build/test_lines";
const std::string kFile = kPath + ".0";

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(file, line);) {
    lines.push_back(line);
  }
  return lines;
}

bool exists(const std::string& path) { return std::filesystem::exists(path); }

}  // namespace

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  const sage::testkit::Setup setup = {.options = {{"path", kPath}},
                                      .inputs = {{{"text", sage::Type::kText}}}};
  sage::testkit::Tests tests;
  tests.run("writes a line for each record, to be seen once the job has succeeded", [&] {
    std::filesystem::remove(kFile);
    Harness h(plugin.op("lines"), setup);
    h.push({{{"text", "one"}}, {{"text", ""}}});
    h.push({{{"text", "three"}}});
    const std::string handle = h.prepare();
    require(!exists(kFile), "the file can be seen before the commit");
    h.commit(handle);
    expect(lines_of(kFile), {"one", "", "three"});
  });
  tests.run("can be committed twice, by another process", [&] {
    Harness h(plugin.op("lines"), setup);
    h.push({{{"text", "new"}}});
    const std::string handle = h.prepare();
    sage::testkit::Setup later = setup;
    later.open = false;
    Harness(plugin.op("lines"), later).commit(handle);
    Harness(plugin.op("lines"), later).commit(handle);
    expect(lines_of(kFile), {"new"});
  });
  tests.run("says so where the file is lost before the commit", [&] {
    Harness h(plugin.op("lines"), setup);
    h.push({{{"text", "lost"}}});
    const std::string handle = h.prepare();
    std::filesystem::remove(kFile + ".part");
    bool failed = false;
    try {
      h.commit(handle);
    } catch (const sage::Failure&) {
      failed = true;
    }
    require(failed && lines_of(kFile) == std::vector<std::string>{"new"}, "it was committed");
  });
  tests.run("leaves nothing of a job that failed", [&] {
    std::filesystem::remove(kFile);
    Harness h(plugin.op("lines"), setup);
    h.push({{{"text", "lost"}}});
    h.abort();
    require(!exists(kFile) && !exists(kFile + ".part"), "a file stays");
  });
  return tests.result();
}
