#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  const std::vector<std::vector<sage::FieldSpec>> input = {{{"text", sage::Type::kText}}};
  sage::testkit::Tests tests;
  tests.run("adds the number of bytes of the text", [&] {
    Harness h(plugin.op("length"), {.inputs = input});
    h.push({{{"text", "abc"}}, {{"text", ""}}});
    expect(h.json(), {R"({"text":"abc","length":3})", R"({"text":"","length":0})"});
  });
  tests.run("measures the field that it is told to", [&] {
    Harness h(plugin.op("length"),
              {.options = {{"field", "word"}},
               .inputs = {{{"n", sage::Type::kInt64}, {"word", sage::Type::kText}}}});
    h.push({{{"n", 7}, {"word", "four"}}});
    expect(h.json(), {R"({"n":7,"word":"four","length":4})"});
  });
  return tests.result();
}
