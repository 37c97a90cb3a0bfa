import unittest

import tree
import words


class Words(unittest.TestCase):
    def found(self, contents):
        return tree.findings(words.check, contents)

    def test_each_rule_is_broken_by_one_line(self):
        for path, line in [
            ("core/base/a.cpp", "// TODO later"),
            ("README.md", "FIXME"),
            ("core/base/a.cpp", "<<<<<<< ours"),
            ("packaging/a.sh", "cp /tmp/a b"),
            ("README.md", "see `/home/me/sage`"),
            ("core/base/a.cpp", "using namespace std;"),
            ("core/base/a.cpp", 'throw Error("x");'),
            ("nodes/cli/a.cpp", "throw;"),
            ("core/base/a.cpp", "thread.detach();"),
            ("tests/base/a.cpp", "std::this_thread::sleep_for(1s);"),
            ("tests/base/a.cpp", 'TEST_CASE("a; b") {}'),
            ("tests/base/a.cpp", 'TEST_CASE("-1 is a number") {}'),
        ]:
            self.assertEqual(self.found({path: f"\n{line}\n"}), [f"{path}:2"], line)
        self.assertEqual(self.found({"core/base/util.hpp": ""}), ["core/base/util.hpp:1"])

    def test_ordinary_text_passes(self):
        good = {
            "core/base/a.cpp": "// TODO(#7): we never throw here\nconst char* kText = \"throw\";\n",
            "nodes/cli/a.cpp": "throw CLI::ValidationError(name, text); // caught by CLI11's parse\n",
            "sdk/include/sage/a.hpp": 'throw sage::Error("x");\n',
            "packaging/a.sh": 'dir=$(mktemp -d "${TMPDIR:-/tmp}/x") # build/tmp/a\n',
            "README.md": "a ; b\nhttps://example.org/work/a\n",
            "build/a.cpp": "TODO\n",
        }
        self.assertEqual(self.found(good), [])


if __name__ == "__main__":
    unittest.main()
