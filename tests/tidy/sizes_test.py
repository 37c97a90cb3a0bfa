import unittest

import sizes
import tree

CLASS = """
namespace sage {
// A brace { in a comment, and below one in a literal.
struct Box : Base {
 public:
  explicit Box(std::size_t n, int m = f(1, 2)) noexcept : size_{n}, text_("{") , m_{m} {
    run([&](int a) { return a; });
  }
  bool operator()(std::map<int, int> one, void (*two)(int, int)) const { return true; }
  Box& operator=(const Box&) = delete;
  bool operator==(const Box& other) const = default;
 private:
  std::size_t size_{0};
  std::vector<int> values_ = {1, 2};
};
constexpr int kTable[] = {
  1,
  2,
};
const auto kCall = [](int a, int b) {
  return a + b;
};
#if defined(ONE)
int f(int a) {
#else
int f() {
#endif
  return 0;
}
template <typename T, typename = std::enable_if_t<(sizeof(T) > 1)>>
auto g(T a, T b, T c) -> std::vector<T> {
}
TEST_CASE("a, b, c, d, e, f", "[x]") {
}
extern "C" {
void h(void) {}
}
}
"""


class Sizes(unittest.TestCase):
    def found(self, contents):
        return tree.findings(sizes.check, contents)

    def test_it_finds_the_functions_and_counts_their_lines_and_parameters(self):
        found = list(sizes.functions(sizes.prepared(CLASS)))
        want = [(6, 3, 2), (9, 1, 2), (20, 3, 2), (24, 6, 1), (30, 3, 3), (33, 2, 0), (36, 1, 0)]
        self.assertEqual(found, want)

    def test_files_have_a_length(self):
        self.assertEqual(self.found({"core/a/a.hpp": "\n" * 200, "core/a/a.cpp": "\n" * 400}), [])
        self.assertEqual(self.found({"sdk/a.h": "\n" * 201}), ["sdk/a.h:201"])
        self.assertEqual(self.found({"tests/a/a.cpp": "\n" * 401}), ["tests/a/a.cpp:401"])

    def test_functions_have_a_length(self):
        for head in ("void f() {", 'TEST_CASE("f") {', "struct A { int f() const {", "A::A() : b_{1} {"):
            close = "}}" if "struct" in head else "}"
            inside = "  x = {1};\n"
            self.assertEqual(self.found({"core/a/a.cpp": f"{head}\n{inside * 58}{close}\n"}), [])
            self.assertEqual(
                self.found({"core/a/a.cpp": f"\n{head}\n{inside * 59}{close}\n"}), ["core/a/a.cpp:2"]
            )
        self.assertEqual(self.found({"tests/a.py": "def f():\n" + "    pass\n" * 60}), ["tests/a.py:1"])

    def test_functions_have_few_parameters(self):
        five = "int a, int b, std::map<int, int> c, int d = f(1, 2), int e = {}"
        self.assertEqual(self.found({"core/a/a.cpp": f"void f({five}) {{}}\n"}), [])
        self.assertEqual(self.found({"core/a/a.cpp": f"void f({five}, int f) {{}}\n"}), ["core/a/a.cpp:1"])
        slot = f"sage_status f(sage_ctx* ctx, {five}) {{}}\n"
        self.assertEqual(self.found({"core/a/a.cpp": slot}), [])
        self.assertEqual(self.found({"a.py": "", "tests/a.py": "def f(a, b, c, d, e, f): pass"}), ["tests/a.py:1"])


if __name__ == "__main__":
    unittest.main()
