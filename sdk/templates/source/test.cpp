#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  sage::testkit::Tests tests;
  tests.run("counts from the first number to the last", [&] {
    Harness h(plugin.op("count"), {.options = {{"from", 4}, {"to", 6}}});
    h.poll_all(2);
    expect(h.json(), {R"({"n":4})", R"({"n":5})", R"({"n":6})"});
  });
  tests.run("shares the numbers out among its instances", [&] {
    std::vector<std::string> all;
    for (const std::uint32_t subtask : {0u, 1u, 2u}) {
      Harness h(plugin.op("count"),
                {.options = {{"to", 5}}, .place = {.subtask = subtask, .parallelism = 3}});
      h.poll_all();
      const std::vector<std::string> rows = h.json();
      all.insert(all.end(), rows.begin(), rows.end());
    }
    expect(all, {R"({"n":1})", R"({"n":4})", R"({"n":2})", R"({"n":5})", R"({"n":3})"});
  });
  return tests.result();
}
