#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  const std::vector<std::vector<sage::FieldSpec>> input = {{{"text", sage::Type::kText}}};
  sage::testkit::Tests tests;
  tests.run("keeps texts of more than three bytes", [&] {
    Harness h(plugin.op("longer"), {.inputs = input});
    h.push({{{"text", "abc"}}, {{"text", "abcd"}}, {{"text", ""}}});
    expect(h.json(), {R"({"text":"abcd"})"});
  });
  tests.run("keeps texts of more bytes than it is told", [&] {
    Harness h(plugin.op("longer"), {.options = {{"than", 0}}, .inputs = input});
    h.push({{{"text", "a"}}, {{"text", ""}}});
    expect(h.json(), {R"({"text":"a"})"});
  });
  return tests.result();
}
