import pathlib
import unittest

import docs
import tree

# Stands in for the real program: a file is fine if it says so.
FAKE_SAGE = """#!/bin/sh
[ "$1" = lint ] && grep -q 'sage = 1' "$2" && exit 0
echo "$2:1:1: no version"
exit 78
"""


def shown(language, body):
    return f"Text.\n\n```{language}\n{body}\n```\n"


BOTH = shown("toml", "sage = 1") + shown("console", "$ true")


class Docs(unittest.TestCase):
    def found(self, readme):
        with tree.scratch_tree({"README.md": readme, "configs/a.toml": "sage = 1\n", "out/bin/sage": FAKE_SAGE}) as at:
            root = pathlib.Path(at)
            (root / "out/bin/sage").chmod(0o755)
            return [f"{path}:{line}" for path, line, _ in docs.check(root, root / "out")]

    def test_what_works_passes(self):
        for language, body in [
            ("toml", "sage = 1"),
            ("console", "$ sage lint configs/a.toml\n$ build/release/bin/sage lint $REPO/configs/a.toml"),
            ("console", "$ printf 'a\\nb\\nc\\nd\\n'\na\n...\nd"),
            ("console", "$ echo a \\\n> b\na b"),
            ("sh", "bash packaging/check.sh"),
        ]:
            self.assertEqual(self.found(shown(language, body) + BOTH), [], body)

    def test_what_does_not_work_is_found(self):
        for language, body in [
            ("toml", "sage = 2"),
            ("console", "$ sage lint configs/missing.toml"),
            ("console", "$ echo a\nb"),
            ("console", "$ printf 'a\\nb\\n'\na"),
            ("console", "echo a"),
            ("console", "$ bash packaging/check.sh"),
        ]:
            self.assertEqual(self.found(shown(language, body) + BOTH), ["README.md:3"], body)

    def test_a_block_is_passed_over_only_where_the_tool_that_it_needs_is_missing(self):
        for tool, want in [("no-such-tool", []), ("sh", ["README.md:4"])]:
            self.assertEqual(self.found(f"Text.\n\n<!-- needs {tool} -->\n```console\n$ false\n```\n" + BOTH), want)

    def test_a_readme_that_shows_no_file_or_no_command_is_found(self):
        for body in (shown("toml", "sage = 1"), shown("console", "$ true")):
            self.assertEqual(self.found(body), ["README.md:1"], body)


if __name__ == "__main__":
    unittest.main()
