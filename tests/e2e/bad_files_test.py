#!/usr/bin/env python3
"""Bad pipeline files: what `sage` says has a code, a place and what to do, and the exit code is 78,
or 74 where a file cannot be read. The corpus of tests/spec/bad holds the mistakes that a parser
sees; those here take the plugins to see."""

import os
import pathlib
import re
import unittest

from job import SOURCE, JobTest

HEAD = 'sage = 1\n[pipeline]\nname = "bad"\n'


def stage(name, use, rest=""):
    return f'[[stage]]\nid = "{name}"\nuse = "{use}"\n{rest}\n'


NUMBERS = stage("n", "io/generator", "with = { count = 3 }")
LINES = stage("n", "io/file", 'with = { path = "x" }')
END = stage("end", "io/null")

# The stages of a file, the code and place of its first error, and what the message must say.
MISTAKES = {
    "plugin": (NUMBERS + stage("a", "txt/split") + END, "E0301 10:7", "text"),
    "operator": (NUMBERS + stage("a", "text/splitt") + END, "E0302 10:7", "text/split"),
    "operator without plugin": (NUMBERS + stage("a", "split") + END, "E0117 10:7", "plugin/operator"),
    "version": (NUMBERS + stage("a", "text@9.9/split") + END, "E0303 10:7", "9.9"),
    "option": (LINES + stage("a", "text/split", 'with = { feild = "line" }') + END, "E0107 11:10", "field"),
    "option of wrong type": (LINES + stage("a", "text/split", 'with = { lower = "yes" }') + END, "E0402 11:18", "lower"),
    "option below its minimum": (stage("n", "io/generator", "with = { count = -1 }") + END, "E0403 7:18", "count"),
    "option not allowed": (stage("n", "io/file", 'with = { path = "x", format = "xml" }') + END, "E0404 7:31", "lines"),
    "csv before its time": (stage("n", "io/file", 'with = { path = "x", format = "csv" }') + END, "E0407 7:31", "csv is not supported yet"),
    "follow before its time": (stage("n", "io/file", 'with = { path = "x", mode = "follow" }') + END, "E0407 7:29", "follow is not supported yet"),
    "option missing": (stage("n", "io/file") + END, "E0401 4:1", "path"),
    "unit": (stage("n", "io/generator", 'with = { count = 1, step = "5 parsecs" }') + END, "E0405 7:28", "step"),
    "field of an option": (LINES + stage("a", "text/split", 'with = { field = "lin" }') + END, "E0406 11:18", "line"),
    "field of the wrong type": (NUMBERS + stage("a", "text/split", 'with = { field = "seq" }') + END, "E0407 11:18", "text"),
    "field of key_by": (NUMBERS + stage("a", "agg/count", 'key_by = "kee"') + END, "E0212 11:10", "key"),
    "list as a key": (stage("n", "io/file", 'with = { path = "x", format = "jsonl", fields = { t = "list<text>" } }')
                      + stage("a", "agg/count", 'key_by = "t"') + END, "E0213 11:10", "list"),
    "key_by beside partition": (NUMBERS + stage("a", "agg/count", 'key_by = "key"\npartition = "global"') + END, "E0214 12:13", "partition"),
    "forward between different parallelisms": (NUMBERS + stage("a", "io/null", 'partition = "forward"\nparallelism = 3'), "E0215 11:13", "forward"),
    "aggregate without key in two instances": (NUMBERS + stage("a", "agg/count", "parallelism = 2") + END, "E0217 11:15", "parallelism"),
    "interval before its time": (NUMBERS + stage("a", "agg/count", 'key_by = "key"\nwith = { emit = "10s" }') + END, "E0407 12:17", "emit"),
    "watermark before its time": (NUMBERS + stage("a", "io/null", 'watermark = { field = "ts" }'), "E0122 11:13", "watermark"),
    "clash of names": (stage("n", "io/file", 'with = { path = "x", format = "jsonl", fields = { n = "int64" } }')
                       + stage("a", "agg/count", 'key_by = "n"') + END, "E0407 10:7", "`?'?n"),
    "aggregate that is none": (NUMBERS + stage("a", "agg/reduce", 'with = { aggregate = { s = "summ(seq)" } }') + END, "E0407 11:28", "sum"),
    "aggregate of no field": (NUMBERS + stage("a", "agg/reduce", 'with = { aggregate = { s = "sum(sek)" } }') + END, "E0407 11:28", "seq"),
    "aggregate of a wrong type": (NUMBERS + stage("a", "agg/reduce", 'with = { aggregate = { s = "sum(key)" } }') + END, "E0407 11:28", "key"),
    "Lua that does not parse": (NUMBERS + stage("a", "record/filter", 'with = { where = "seq >" }') + END, "E0407 11:18", "where"),
    "Lua that names no field": (NUMBERS + stage("a", "record/filter", 'with = { where = "sek > 1" }') + END, "E0407 11:18", "seq"),
    "Lua beyond its library": (NUMBERS + stage("a", "record/filter", "with = { where = \"os.exit(1)\" }") + END, "E0407 11:18", "os"),
    "Lua that asks for chance": (NUMBERS + stage("a", "record/filter", 'with = { where = "math.random() < 0.5" }') + END, "E0407 11:18", "math.random is not there"),
    "new field without type": (NUMBERS + stage("a", "record/map", 'with = { set = { x = "1" } }') + END, "E0407 11:22", "types"),
    "type that is none": (NUMBERS + stage("a", "record/map", 'with = { set = { x = "1" }, types = { x = "int" } }') + END, "E0407 11:43", "int64"),
    "dropped field that is none": (NUMBERS + stage("a", "record/map", 'with = { drop = ["sek"] }') + END, "E0406 11:18", "seq"),
    "pattern that does not parse": (LINES + stage("a", "text/regex", "with = { pattern = '(' }") + END, "E0407 11:20", "pattern"),
    "fields without type": (LINES + stage("a", "record/parse_json", "with = { fields = { x = {} } }") + END, "E0407 11:25", "fields"),
    "no fields": (LINES + stage("a", "record/parse_json") + END, "E0401 8:1", "fields"),
    "cycle": (NUMBERS + stage("a", "record/map", 'from = "b"') + stage("b", "record/map", 'from = "a"') + END, "E0203 11:8", "cycle|itself|circle"),
    "stage that reads itself": (NUMBERS + stage("a", "record/map", 'from = "a"') + END, "E0203 11:8", "itself|cycle"),
    "input that is no stage": (NUMBERS + stage("a", "io/null", 'from = "m"'), "E0201 11:8", "m"),
    "port that is none": (NUMBERS + stage("a", "io/null", 'from = "n.oops"'), "E0202 11:8", "oops"),
    "errors that nobody makes": (NUMBERS + END + stage("a", "io/null", 'from = "n.errors"'), "E0209 15:8", "on_error|dead"),
    "dead letters that nobody reads": (NUMBERS.replace("with", 'on_error = "dead_letter"\nwith') + END, "E0208 7:12", "errors"),
    "two stages of one name": (NUMBERS + stage("n", "io/null"), "E0220 9:6", "n"),
    "output that nobody reads": (NUMBERS + stage("a", "record/map", ""), "E0207 9:6", "reads"),
    "sink as an input": (NUMBERS + END + stage("b", "io/null", 'from = "end"'), "E0206 15:8", "sink"),
    "source with an input": (NUMBERS + stage("m", "io/generator", 'from = "n"\nwith = { count = 1 }') + END, "E0204 11:8", "source"),
    "first stage that is no source": (stage("a", "text/split") + END, "E0205 5:6", "source|input|from"),
    "union of different fields": (NUMBERS + LINES.replace('"n"', '"m"') + stage("u", "io/null", 'from = ["n", "m"]'), "E0211 15:14", "schema|fields"),
    "partitioner that is none": (NUMBERS + stage("a", "io/null", 'partition = { use = "text/split" }\nparallelism = 2'), "E0221 11:21", "partitioner"),
    "parallelism above the key groups": (NUMBERS + stage("a", "io/null", "parallelism = 129"), "E0216 11:15", "128"),
    "instances that an operator cannot have": (stage("n", "io/stdin", "parallelism = 2") + END, "E0217 7:15", "parallelism|instance"),
    "test of no stage": (NUMBERS + END + '[[test]]\nname = "t"\nat = "x"\ngiven = []\nwant = []\n', "E0201 14:6", "x"),
}  # fmt: skip


class BadFiles(JobTest):
    def check(self, name, code=78):
        for verb in ("lint", "run"):
            done = self.sage(verb, name, code=code)
            self.assertRegex(done.err, r"error\[SAGE-E\d{4}\]: ")
            self.assertRegex(done.err, rf"(?m)^ *--> {re.escape(name)}:\d+:\d+$")
            has_hint = "= help: " in done.err or re.search(r"(?m)^ *\| .*\^ \S", done.err)
            self.assertTrue(has_hint, f"{name}: nothing to do next\n{done.err}")
        return done

    def test_mistakes_that_the_parser_sees(self):
        files = sorted((SOURCE / "tests/spec/bad").glob("*.toml"))
        self.assertGreater(len(files), 100)
        for file in files:
            with self.subTest(file.name):
                self.write(file.name, file.read_bytes())
                self.check(file.name)

    def test_mistakes_that_take_the_plugins_to_see(self):
        for name, (stages, first, said) in MISTAKES.items():
            with self.subTest(name):
                self.write("bad.toml", HEAD + stages)
                done = self.check("bad.toml")
                self.assertRegex(done.err, said)
                code, place = first.split()
                found = re.search(r"error\[SAGE-(E\d+)\].*\n *--> bad.toml:(\d+:\d+)", done.err)
                self.assertEqual(found.groups(), (code, place), done)

    def test_files_of_absurd_size_and_depth(self):
        absurd = {
            "arrays.toml": "x = " + "[" * 4000 + "]" * 4000,
            "tables.toml": "x = " + "{ a = " * 4000 + "1" + " }" * 4000,
            "dotted.toml": "a." * 1_000_000 + "a = 1",
            "long.toml": 'sage = "' + "x" * 2_000_000 + '"',
            "empty.toml": "",
            "binary.toml": bytes(range(256)) * 16,
            "stages.toml": HEAD + "[[stage]]\n" * 5_000,
        }
        for name, text in absurd.items():
            with self.subTest(name):
                self.write(name, text)
                self.check(name)

    def test_what_cannot_be_read_ends_with_74(self):
        pathlib.Path(self.folder / "folder.toml").mkdir()
        os.symlink("nowhere", self.folder / "dangling.toml")
        for name in ("none.toml", "folder.toml", "dangling.toml"):
            with self.subTest(name):
                self.check(name, code=74)

    def test_input_that_cannot_be_read_ends_with_74_and_never_blocks(self):
        os.mkfifo(self.folder / "fifo")
        self.write("lines.gz", b"\x1f\x8b")
        self.write("p.toml", HEAD + LINES + END)
        for path, says in (
            ("none", "No such file"), ("fifo", "is a FIFO"), ("/dev/zero", "is a device"),
            ("lines.gz", "not supported yet"),
        ):  # fmt: skip
            with self.subTest(path):
                done = self.sage("run", "p.toml", "--set", f"n.with.path={path}", code=74)
                self.assertRegex(done.err, r"error\[SAGE-E0604\]: .*" + says)


if __name__ == "__main__":
    unittest.main()
