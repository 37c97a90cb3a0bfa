#include <sage/testkit.hpp>
#include <sage/testkit/plugin_file.hpp>
#include <sage/testkit/tests.hpp>

using sage::testkit::expect;
using sage::testkit::Harness;

int main() {
  const sage::testkit::PluginFile plugin("@NAME@.so");
  const std::vector<std::vector<sage::FieldSpec>> input = {{{"text", sage::Type::kText}}};
  sage::testkit::Tests tests;
  tests.run("cuts at spaces and leaves out empty parts", [&] {
    Harness h(plugin.op("parts"), {.inputs = input});
    h.push({{{"text", " to  be"}}, {{"text", ""}}, {{"text", "or"}}});
    expect(h.json(), {R"({"part":"to"})", R"({"part":"be"})", R"({"part":"or"})"});
  });
  tests.run("goes on where there was no more room for the parts of one text", [&] {
    Harness h(plugin.op("parts"), {.options = {{"at", ","}}, .inputs = input});
    std::string text;
    std::vector<std::string> want;
    for (int i = 0; i < 90'000; ++i) {
      text += std::to_string(i) + ",";
      want.push_back(R"({"part":")" + std::to_string(i) + R"("})");
    }
    h.push({{{"text", text}}, {{"text", "end"}}});
    want.push_back(R"({"part":"end"})");
    expect(h.json(), want);
  });
  return tests.result();
}
