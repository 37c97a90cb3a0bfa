#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  const std::vector<std::vector<sage::FieldSpec>> input = {{{"text", sage::Type::kText}}};
  sage::testkit::Tests tests;
  tests.run("sends texts of one length to one instance", [&] {
    Harness h(plugin.op("by_length"), {.inputs = input});
    h.set_targets(3);
    h.push({{{"text", "a"}}, {{"text", "bb"}}, {{"text", "ccc"}}, {{"text", "dddd"}}});
    expect(h.targets(), {1, 2, 0, 1});
  });
  return tests.result();
}
