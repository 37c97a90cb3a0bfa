#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  sage::testkit::Tests tests;
  tests.run("numbers the records of each key apart", [&] {
    Harness h(plugin.op("number"), {.inputs = {{{"user", sage::Type::kText}}}, .keys = {"user"}});
    h.push({{{"user", "ann"}}, {{"user", "bob"}}, {{"user", "ann"}}});
    h.push({{{"user", "bob"}}});
    expect(h.json(), {R"({"user":"ann","n":1})", R"({"user":"bob","n":1})",
                      R"({"user":"ann","n":2})", R"({"user":"bob","n":2})"});
  });
  return tests.result();
}
