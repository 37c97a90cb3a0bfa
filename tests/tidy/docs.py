#!/usr/bin/env python3
"""What the documents show works: each ```toml block passes `sage lint`, each ```console block runs.
README.md has one of both at least.

In a console block, lines that start with `$ ` are commands; what follows is their output, compared
line by line, where a line `...` stands for any number of lines. A block runs in a scratch folder
that looks like the repository's root, with `sage` on PATH and REPO naming the real root. Commands
that build or install SAGE itself belong into a ```sh block, which is only read. A block below a line
`<!-- needs TOOL -->` is passed over, with a word, where there is no such tool.
"""

import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import tree

DOCUMENTS = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")
TIME_LIMIT_S = 60
_BLOCK = re.compile(r"^(?:<!-- needs (\S+) -->\n)?```(toml|console)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(text):
    """(line, language, body) of every block that is checked."""
    for match in _BLOCK.finditer(text):
        tool, language, body = match.groups()
        line = text.count("\n", 0, match.start(2)) + 1
        if tool and not shutil.which(tool):
            print(f"the block at line {line} is passed over: there is no {tool} here")
        else:
            yield line, language, body


def commands(body):
    """[command, [output lines]] of a console block."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and line.startswith(">") and not found[-1][1]:  # goes on, as a shell shows it
            found[-1][0] += "\n" + line[2:]
        elif found:
            found[-1][1].append(line)
    return found


def agrees(want, got):
    """Whether got is what want shows; a line `...` in want stands for any lines."""
    if not want:
        return not got
    if want[0] == "...":
        return any(agrees(want[1:], got[skip:]) for skip in range(len(got) + 1))
    return bool(got) and got[0].rstrip() == want[0].rstrip() and agrees(want[1:], got[1:])


class Scratch:
    """A folder that looks like the repository's root, whose build/release is the tree under test."""

    def __init__(self, folder, root, build):
        self.folder = pathlib.Path(folder)
        for entry in root.iterdir():
            if entry.name != "build" and not entry.name.startswith("."):
                (self.folder / entry.name).symlink_to(entry)
        (self.folder / "build").mkdir()
        (self.folder / "build/release").symlink_to(build)
        path = f"{build}/bin{os.pathsep}{os.environ['PATH']}"
        self.environment = {**os.environ, "PATH": path, "REPO": str(root)}

    def run(self, *command):
        """(exit status, output lines), standard error included."""
        try:
            done = subprocess.run(
                command, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=TIME_LIMIT_S, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            return 124, [f"no end after {TIME_LIMIT_S} s"]
        return done.returncode, done.stdout.splitlines()


def toml_complaints(scratch, body):
    (scratch.folder / "shown.toml").write_text(body, encoding="utf-8")
    status, output = scratch.run("sage", "lint", "shown.toml")
    if status != 0:
        yield f"`sage lint` ends with {status}: {' | '.join(output[:8])}"


def console_complaints(scratch, body):
    if not commands(body):
        yield "a console block without a command: start it with `$ `"
    for command, want in commands(body):
        if re.search(r"(^|[;&|] *|bash )(packaging/(quickstart|check|deps)\.sh|cmake|\.ci/run)\b", command):
            yield f"`{command}` builds the tree that this test runs in: show it in a ```sh block"
            return
        status, got = scratch.run("bash", "-c", command)
        if status != 0:
            yield f"`{command}` ends with {status}: {' | '.join(got[:8])}"
        elif want and not agrees(want, got):
            yield f"`{command}` prints something else: {' | '.join(got[:8])}"


def documents(root):
    yield from (pathlib.Path(name) for name in DOCUMENTS if (root / name).exists())
    for path in tree.files(root, ("sdk",), {".md"}):
        if "templates" not in path.parts:  # what `sage plugin new` makes of them has its own test
            yield path


def check(root, build):
    checks = {"toml": toml_complaints, "console": console_complaints}
    for path in documents(root):
        found = list(blocks(tree.read(root, path)))
        for language in checks if path == pathlib.Path("README.md") else ():
            if all(language != shown for _, shown, _ in found):
                yield path, 1, f"shows no {language} block"
        for line, language, body in found:
            with tempfile.TemporaryDirectory() as folder:
                for message in checks[language](Scratch(folder, root, build), body):
                    yield path, line, message


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=pathlib.Path)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="the build tree to use")
    arguments = parser.parse_args()
    found = check(arguments.root.resolve(), arguments.build.resolve())
    sys.exit(tree.report(found))


if __name__ == "__main__":
    main()
