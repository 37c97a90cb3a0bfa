#!/usr/bin/env python3
"""`sage plugin new`: what it makes builds, passes its tests and runs as it is, in each language; and
its tests would tell if the operator did not work."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from shell import BUILD, DEADLINE_S, SAGE, SageTest  # noqa: E402

KINDS = {
    "cpp": ["map", "filter", "flatmap", "keyed", "source", "sink", "partitioner"],
    "c": ["map", "filter", "source", "sink"],
    "rust": ["map", "filter", "flatmap"],
}
LINES = ["to be, or not to be", "that is the question", "whether 'tis nobler",
         "to be, or not to be", "in the mind to suffer"]  # fmt: skip
ROWS = {  # of `make run`, sorted
    "map": [f'{{"line":"{line}","length":{len(line)}}}' for line in LINES],
    "filter": [f'{{"line":"{line}"}}' for line in LINES if len(line) > 19],
    "flatmap": [f'{{"part":"{part}"}}' for line in LINES for part in line.split(", ")],
    "keyed": [f'{{"line":"{line}","n":{LINES[: i + 1].count(line)}}}' for i, line in enumerate(LINES)],
    "source": ['{"n":1}', '{"n":3}', '{"n":5}'],
    "sink": [],
    "partitioner": [],
}
# A slip in the operator, by language and kind: what is replaced, by what.
SLIPS = {
    "cpp": {
        "map": (".size())", ".size() + 1)"), "filter": ("> than_", ">= than_"), "flatmap": ("end != 0", "end > 1"),
        "keyed": ("++seen_", "seen_"), "source": ("+ ctx.subtask()", "+ 1"),
        "sink": ("fputc('\\n'", "fputc(' '"), "partitioner": ("% targets", "% 2"),
    },
    "c": {
        "map": ("(word >> 35) - 1", "(word >> 35)"), "filter": ("> me->than", ">= me->than"),
        "source": ("+ ctx->subtask", "+ 1"), "sink": ("remove(me->staged)", "remove(me->path)"),
    },
    "rust": {
        "map": (".len() as i64", ".len() as i64 + 1"), "filter": ("> me.than", ">= me.than"),
        "flatmap": ("me.next_byte += part.len()", "me.next_byte += 1 + part.len()"),
    },
}  # fmt: skip


class NewTest(SageTest):
    def setUp(self):
        super().setUp()
        del self.environment["SAGE_PLUGIN_PATH"]

    def make(self, project, *arguments, code=0):
        done = subprocess.run(
            ["make", *arguments], cwd=project, env=self.environment, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, timeout=DEADLINE_S,
        )  # fmt: skip
        self.assertEqual(min(done.returncode, 2), code, f"{project}\n{done.stdout}")
        return done.stdout

    def check_language(self, language):
        for kind in KINDS[language]:
            with self.subTest(kind):
                self.check_project(language, kind)

    def check_project(self, language, kind):
        name = f"my_{kind}-1"
        project = self.folder / name
        self.sage("plugin", "new", name, "--lang", language, "--kind", kind, code=0)
        self.assertNotRegex("".join(p.read_text() for p in project.rglob("*.*")), r"@[A-Z]+@")
        self.make(project)
        exports = subprocess.check_output(["nm", "-D", "--defined-only", project / f"{name}.so"], text=True)
        self.assertEqual([line.split()[-1] for line in exports.splitlines()], ["sage_plugin_main_v1"])
        tested = self.make(project, "test")
        self.assertRegex(tested, r"(?m)^ok      \w.*$")
        self.assertRegex(tested, rf"(?m)^{name} 0\.1\.0: \d+ passed, 0 failed$")
        self.assertRegex(tested, r"(?m)^1 passed, 0 failed$")
        rows = [line for line in self.make(project, "run").splitlines() if line.startswith("{")]
        self.assertEqual(sorted(rows), sorted(ROWS[kind]))
        self.check_files(project, kind)
        self.make(project, "install", f"PLUGINS={self.folder}/place", f"DESTDIR={self.folder}/root")
        self.assertTrue((self.folder / f"root{self.folder}/place/{name}.so").is_file())
        self.check_slip(project, *SLIPS[language][kind])
        shutil.rmtree(project)

    def check_files(self, project, kind):
        """Those that the sinks of `make run` have written."""
        if kind == "sink":
            self.assertEqual((project / "written.0").read_text().splitlines(), [s for s in LINES if len(s) < 20])
        if kind == "partitioner":
            parts = [path.read_text().splitlines() for path in sorted(project.glob("parts/part-*.jsonl"))]
            by_length = [[f'{{"line":"{s}"}}' for s in LINES if len(s) % 2 == i] for i in (0, 1)]
            self.assertEqual(parts, by_length)
        self.make(project, "run")  # again

    def check_slip(self, project, right, wrong):
        """The tests notice."""
        (source,) = [path for path in (*project.glob("plugin.c*"), *project.glob("src/lib.rs"))]
        text = source.read_text()
        self.assertIn(right, text)
        source.write_text(text.replace(right, wrong))
        os.utime(source, (2e9, 2e9))  # later than what was built of it within the same second
        self.assertRegex(self.make(project, "test", code=2), r"(?m)^FAILED  \w")


class Cpp(NewTest):
    def test_every_kind_in_cpp_works_as_it_is(self):
        self.check_language("cpp")


class C(NewTest):
    def test_every_kind_in_c_works_as_it_is(self):
        self.check_language("c")


class Rust(NewTest):
    def test_every_kind_in_rust_works_as_it_is(self):
        home = pathlib.Path.home()
        self.environment["PATH"] += f"{os.pathsep}{os.environ.get('CARGO_HOME', home / '.cargo')}/bin"
        self.environment["RUSTUP_HOME"] = os.environ.get("RUSTUP_HOME", str(home / ".rustup"))
        self.environment["CARGO_HOME"] = str(self.folder / "cargo")
        found = shutil.which("cargo", path=self.environment["PATH"])
        command = [found or "false", "--version"]  # a cargo may be there and have no toolchain
        if subprocess.run(command, env=self.environment, capture_output=True, check=False).returncode:
            self.skipTest("there is no cargo that works here")
        self.check_language("rust")


class Command(NewTest):
    def test_help_lists_the_templates_that_there_are(self):
        text = self.sage("plugin", "new", "--help", code=0).out
        listed = dict(re.findall(r"(?m)^  --lang (\w+) +(.*)$", text))
        self.assertEqual({language: kinds.split() for language, kinds in listed.items()}, KINDS)
        (templates,) = (BUILD / "sdk").rglob("templates")
        there = {path.name for path in templates.iterdir() if "-" in path.name}
        self.assertEqual(there, {f"{language}-{kind}" for language in KINDS for kind in KINDS[language]})

    def test_a_map_in_cpp_is_the_default_and_its_last_part_names_it(self):
        done = self.sage("plugin", "new", "a b/of/shout/", "-o", "json", code=0)
        folder = self.folder / "a b/of/shout"
        self.assertEqual((done.json["plugin"], done.json["folder"]), ("shout", "a b/of/shout/"))
        made = {str(path.relative_to(folder)) for path in folder.rglob("*")}
        self.assertEqual(set(done.json["files"]), made)
        self.assertIn("shout/length", (folder / "plugin.cpp").read_text())
        self.assertIn("set_target_properties(plugin", (folder / "CMakeLists.txt").read_text())

    def test_what_is_there_is_left_alone(self):
        self.write("full/note", "mine")
        done = self.sage("plugin", "new", "full", code=7)
        self.assert_explained(done, "E0706")
        self.write("file", "mine")
        self.assert_explained(self.sage("plugin", "new", "file", code=7), "E0706")
        (self.folder / "loose").symlink_to("nowhere")
        self.assert_explained(self.sage("plugin", "new", "loose", code=7), "E0706")
        self.assertEqual([p.name for p in (self.folder / "full").iterdir()], ["note"])
        (self.folder / "empty").mkdir()
        self.sage("plugin", "new", "empty", code=0)

    def test_the_id_of_a_plugin_that_is_there_is_refused(self):
        done = self.sage("plugin", "new", "text", code=7)
        self.assert_explained(done, "E0706")
        self.assertIn("text.so", done.err)
        self.assertFalse((self.folder / "text").exists())

    def test_a_wrong_name_or_kind_is_a_usage_error(self):
        for name in ("Shout", "a b", "-x-", "ö", "..", "/", "a" * 64, "x.so"):
            done = self.sage("plugin", "new", "--", name, code=2)
            self.assert_explained(done, "E0812")
        done = self.sage("plugin", "new", "x", "--lang", "rust", "--kind", "sink", code=2)
        self.assert_explained(done, "E0813")
        self.assertIn("filter, flatmap, map", done.err)
        self.assert_explained(self.sage("plugin", "new", "x", "--lang", "go", code=2), "E0804")
        done = self.sage("plugin", "new", "3d", "--lang", "rust", code=2)
        self.assert_explained(done, "E0812")
        self.assertEqual([path.name for path in self.folder.iterdir() if path.name == "x"], [])

    def test_a_folder_that_cannot_be_made_is_an_io_error(self):
        self.write("file", "")
        self.assert_explained(self.sage("plugin", "new", "file/x", code=74), "E0705")

    def test_the_sdk_may_lie_anywhere(self):
        prefix = self.folder / "o'd `x` place"
        for part in ("bin", "libexec", "plugins", "sdk"):
            shutil.copytree(BUILD / part, prefix / part)
        made = subprocess.run([prefix / "bin/sage", "plugin", "new", "x"], cwd=self.folder, env=self.environment,
                              capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertIn('{"line":"that is the question","length":20}', self.make(self.folder / "x", "run"))
        self.make(self.folder / "x", "install")
        self.assertTrue((prefix / "plugins/x.so").is_file())

    def test_without_the_sdk_it_says_what_is_missing(self):
        alone = self.folder / "alone/bin/sage"
        alone.parent.mkdir(parents=True)
        shutil.copy2(SAGE, alone)
        done = self.bash(f"{alone} plugin new x")
        self.assertEqual(done.code, 4)
        self.assert_explained(done, "E0814")


if __name__ == "__main__":
    unittest.main()
