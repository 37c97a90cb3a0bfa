"""What the tidy checks share: listing our files, reporting findings, and a bad tree for their tests."""

import argparse
import contextlib
import pathlib
import re
import sys
import tempfile

OUR_FOLDERS = ("sdk", "core", "plugins", "nodes", "configs", "tests", "packaging", ".ci")
ROOT = (".",)  # the files beside those folders
CODE_SUFFIXES = {".c", ".h", ".cpp", ".hpp"}
SKIPPED = {".git", "build", "__pycache__", "target", "node_modules"}


def files(root, folders=OUR_FOLDERS, suffixes=None):
    """Our files below the given folders of root, as paths relative to root, in a stable order."""
    root = pathlib.Path(root)
    for folder in folders:
        for path in sorted((root / folder).glob("*" if folder == "." else "**/*")):
            inner = path.relative_to(root)
            if path.is_file() and not SKIPPED.intersection(inner.parts):
                if suffixes is None or path.suffix in suffixes:
                    yield inner


def read(root, path):
    return (pathlib.Path(root) / path).read_text(encoding="utf-8", errors="replace")


_NOT_CODE = re.compile(
    r"""//[^\n]*|/\*.*?\*/          # comments
      |R"([^()\\\s]{0,16})\(.*?\)\1"    # raw strings
      |"(?:\\.|[^"\\\n])*"              # strings
      |(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'   # characters, but no digit separators
    """,
    re.DOTALL | re.VERBOSE,
)


def code_only(text):
    """C or C++ with comments and the insides of literals blanked; line numbers stay."""

    def blank(match):
        found = match.group(0)
        lines = "\n" * found.count("\n")
        return f'""{lines}' if found[0] in "\"R'" else f" {lines}"

    return _NOT_CODE.sub(blank, text)


def report(found):
    """Prints (path, line, message) findings; the exit status is 1 if there are any."""
    found = sorted(found)
    for path, line, message in found:
        print(f"{path}:{line}: {message}")
    print(f"{len(found)} findings" if found else "nothing to mend")
    return 1 if found else 0


def main(check, about):
    """Reports what check(root) yields and exits."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("root", nargs="?", default=".", help="the repository's root")
    sys.exit(report(check(parser.parse_args().root)))


@contextlib.contextmanager
def scratch_tree(contents):
    """A temporary tree holding {path: text}."""
    with tempfile.TemporaryDirectory() as folder:
        for path, text in contents.items():
            target = pathlib.Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")
        yield folder


def findings(check, contents):
    """What check says about a tree of {path: text}, as "path:line" strings."""
    with scratch_tree(contents) as root:
        return [f"{path}:{line}" for path, line, _ in sorted(check(root))]
