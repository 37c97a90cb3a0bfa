#!/usr/bin/env python3
"""Words that have no place here: unfinished work without an issue, paths of one machine, and a few
habits the style rules out."""

import re

import tree

HERE = "tests/tidy"  # these files name what they forbid
PROSE_AND_CODE = tree.CODE_SUFFIXES | {".py", ".sh", ".md", ".toml", ".txt", ".cmake", ".rs", ".json", ""}
VAGUE_NAMES = {"util", "utils", "common", "manager", "helper", "helpers", "misc"}

# (where, what, why). `where` is a start of the path, "" for every file.
EVERYWHERE = [
    ("", r"\bTODO\b(?!\(#\d+\))", "a TODO names its issue: TODO(#12)"),
    ("", r"\b(FIXME|XXX|HACK)\b", "finish it, or open an issue and write TODO(#12)"),
    ("", r"^(<{7}|>{7}|={7})( |$)", "a merge conflict's marker"),
    ("", r"(?<![\w.$}~*-])/(work|tmp|root|home/\w+)/\w(?!\w*XXXXXX)", "a path of one machine"),
]
IN_CODE = [
    ("", r"\busing namespace std\b", "names of std are written out"),
    ("core/", r"\bthrow\b(?! std::bad_alloc)", "no exception leaves a room: return a Result"),
    ("nodes/", r"\bthrow\b(?! CLI::\w+Error\b)", "no exception leaves a room: return a Result"),
    ("", r"(\.|->)detach\(\)", "threads are joined: std::jthread"),
    ("tests/", r"\bsleep_for\b|\bsleep_until\b|\busleep\(", "tests do not sleep: use the fake clock"),
]
# Catch2 v2 and CMake read these names as lists or options; such a test would never run.
_BAD_TEST_NAME = re.compile(r'TEST_CASE\(\s*"([^"\n]*;[^"\n]*|-[^"\n]*)"')


def matches(rules, path, text):
    for where, pattern, why in rules:
        if path.as_posix().startswith(where):
            for match in re.finditer(pattern, text, re.MULTILINE):
                yield text.count("\n", 0, match.start()) + 1, f"{match.group(0).strip()}: {why}"


def of_text(path, text):
    yield from matches(EVERYWHERE, path, text)
    if path.suffix in tree.CODE_SUFFIXES:
        yield from matches(IN_CODE, path, tree.code_only(text))
        for match in _BAD_TEST_NAME.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, "no `;` in a test's name, nor a `-` before it"


def check(root):
    for path in tree.files(root, tree.OUR_FOLDERS + tree.ROOT):
        if path.suffix not in PROSE_AND_CODE or path.as_posix().startswith(HERE):
            continue
        if path.stem in VAGUE_NAMES:
            yield path, 1, f"{path.stem} says nothing about what is inside"
        for line, message in of_text(path, tree.read(root, path)):
            yield path, line, message


if __name__ == "__main__":
    tree.main(check, __doc__)
