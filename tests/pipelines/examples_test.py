#!/usr/bin/env python3
"""Every example of the SDK: run by `sage run` and by its launcher, with the rows that it should
give; and the same pipeline as a file gives the same."""

import collections
import math
import re
import struct
import unittest

from program import EXAMPLES, PIPELINES, ProgramTest, json, pipeline, sort, stable_hash

LINES = ["a b a", "", "the quick brown fox jumps over", "one two three four five", " x  y z u v w "]
CONSOLE = ("out", "io/console", "")
FILES = 'with = { path = "twin/" }'


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


class Examples(ProgramTest):
    def library(self, name):
        return str(EXAMPLES / f"lib{name}.so")

    def launch(self, name, arguments="", before=""):
        done = self.bash(f"{before} {EXAMPLES / name} -q {arguments}")
        self.assertEqual(done.code, 0, done)
        return sort(json.loads(line) for line in done.out.splitlines())

    def check_printed(self, name, data, expected, *twin):
        """A program that reads files and prints: run in each way, and as a file."""
        path = f"file.with.path={data}"
        self.assertEqual(self.printed(self.library(name), "--set", path), sort(expected))
        self.assertEqual(self.launch(name, f"--set {path}"), sort(expected))
        self.write("twin.toml", pipeline(*twin))
        self.assertEqual(self.printed("twin.toml"), sort(expected))

    def check_written(self, name, folder, expected, *twin, settings=()):
        """A program that writes files, likewise."""
        for run in (lambda: self.sage("run", self.library(name), *settings, code=0),
                    lambda: self.launch(name, " ".join(settings))):  # fmt: skip
            run()
            self.assertEqual(self.sorted_rows(folder), sort(expected))
        self.write("twin.toml", pipeline(*twin))
        self.sage("run", "twin.toml", code=0)
        self.assertEqual(self.sorted_rows("twin"), sort(expected))

    def test_wordcount_is_the_pipeline_file_of_that_name(self):
        self.write("books/a.txt", "a b  a\n\tc a\n")
        self.write("books/b/c.txt", "b\x0bb\r\n\nd")
        env = {"BOOKS": "books/", "OUT": "cpp/"}
        expected = [{"word": w, "n": n} for w, n in (("a", 3), ("b", 3), ("c", 1), ("d", 1))]
        for n in (1, 4, 8):
            self.sage("run", self.library("wordcount"), "-P", f"count={n}", env=env, code=0)
            self.assertEqual(self.sorted_rows("cpp"), sort(expected))
        self.launch("wordcount", before="BOOKS=books OUT=launched")
        self.assertEqual(self.sorted_rows("launched"), sort(expected))
        self.sage("run", str(PIPELINES / "wordcount.toml"), env=env | {"OUT": "toml/"}, code=0)
        self.assertEqual(self.sorted_rows("toml"), sort(expected))

    def test_parallel(self):
        for i in range(20):
            self.write(f"in/{i}.txt", "\n".join(f"{line} {i}" for line in LINES))
        lines = [f"{line} {i}" for line in LINES for i in range(20)]
        rows = [{"line": x, "length": len(x), "words": len(x.split())} for x in lines]
        self.check_printed(
            "parallel", "in/", [row for row in rows if row["words"] > 5],
            ("in", "io/file", 'with = { path = "in/" }'),
            ("map", "record/map", """parallelism = 8
with = { set = { length = "#line", words = "select(2, line:gsub('[^ ]+', ''))" }, types = { length = "int64", words = "int64" } }"""),
            ("filter", "record/filter", 'with = { where = "words > 5" }'),
            CONSOLE,
        )  # fmt: skip
        stages = self.report(self.library("parallel"), "--set", "file.with.path=in/")
        self.assertEqual([stages[i]["parallelism"] for i in ("map", "filter")], [8, 4])
        self.assertEqual(stages["filter"]["records_out"], 20 * 3)

    def test_resources(self):
        self.sage("run", self.library("resources"), code=0)
        rows = self.rows("labels")
        self.assertEqual(sorted(row["seq"] for row in rows), list(range(1000)))
        self.assertEqual({row["label"] for row in rows}, {"high", "low"})
        self.check_written(
            "resources", "labels", rows,
            ("in", "io/generator", "with = { count = 1000 }"),
            ("map", "record/map", """parallelism = 4
with = { keep = ["seq"], set = { label = "(value * value + 1) ^ 0.5 > 1.1 and 'high' or 'low'" }, types = { label = "text" } }"""),
            ("out", "io/file_sink", FILES),
        )  # fmt: skip
        told = self.sage("run", self.library("resources"), code=0).err
        self.assertIn('resources = { num_cpus = 4.0, memory = "8GB" }', told)
        self.assertIn("resources = { num_gpus = 1 }", told)

    def test_embedding(self):
        texts = {"a.txt": "cats and dogs", "sub/b.txt": "Cats, cats!\ncats", "c.txt": ""}
        for name, text in texts.items():
            self.write("in/" + name, text)
        expected = []
        for name, text in texts.items():
            vector = [0.0] * 8
            for word in re.findall("[A-Za-z0-9]+", text):
                vector[stable_hash(word) % 8] += 1
            length = f32(math.sqrt(sum(x * x for x in vector))) or 1
            expected.append({"id": name, "text": text, "embedding": [f32(x / length) for x in vector]})

        def exact(folder):
            rows = self.rows(folder)
            for row in rows:
                row["embedding"] = [f32(x) for x in row["embedding"]]
            return sort(rows)

        settings = ("--set", "file.with.path=in/")
        self.sage("run", self.library("embedding"), *settings, code=0)
        self.assertEqual(exact("vectors"), sort(expected))
        self.launch("embedding", " ".join(settings))
        self.assertEqual(exact("vectors"), sort(expected))
        # No operator in the box does this; that of the program does it for a file, too.
        self.write("twin.toml", pipeline(
            ("in", "io/file", 'with = { path = "in/", format = "text", meta = true }'),
            ("embed", "embedding/map", "parallelism = 3"),
            ("out", "io/file_sink", FILES),
        ))  # fmt: skip
        self.sage("run", "twin.toml", "--plugins", str(EXAMPLES), code=0)
        self.assertEqual(exact("twin"), sort(expected))

    def test_retrieval(self):
        answers = {
            "who has keys?": "it is known that keys choose an instance",
            "records and keys": "it is known that records have keys, and keys choose an instance",
            "why?": "nothing is known",
        }
        rows = [{"question": q, "answer": a} for q, a in answers.items()] * 10
        self.table("in.jsonl", [{"question": row["question"]} for row in rows])
        with open(self.folder / "in.jsonl", encoding="utf-8") as questions:
            self.assertEqual(self.printed(self.library("retrieval"), stdin=questions), sort(rows))
        self.assertEqual(self.launch("retrieval", "< in.jsonl"), sort(rows))
        self.write("twin.toml", pipeline(
            ("in", "io/file", 'with = { path = "in.jsonl", format = "jsonl", fields = { question = "text" } }'),
            ("answer", "record/map", '''parallelism = 8
[stage.with]
types = { answer = "text" }
set = { answer = """(function()
  local found = ''
  local known = 'records have keys;keys choose an instance;sinks commit once;'
  for text, word in known:gmatch('((%w+)[^;]*);') do
    if question:find(word, 1, true) then
      found = found .. (found == '' and 'it is known that ' or ', and ') .. text
    end
  end
  return found == '' and 'nothing is known' or found
end)()""" }'''),
            CONSOLE,
        ))  # fmt: skip
        self.assertEqual(self.printed("twin.toml"), sort(rows))

    def clicks(self):
        """Some users click once, some nine times, all at the same time."""
        users = [user for round in range(9) for user in range(40) if user % 9 >= round]
        return [{"user_id": f"u{u}", "tenant": f"t{u % 5}", "page": "/", "ts": i} for i, u in enumerate(users)]

    def test_sessions(self):
        clicks = self.clicks()
        self.table("clicks.jsonl", clicks)
        seen, expected, tenants = collections.Counter(), [], []
        for click in clicks:
            seen[click["user_id"]] += 1
            if seen[click["user_id"]] > 3:
                expected.append({"value": click["user_id"]})
                tenants.append(click["tenant"])
        self.assertGreater(len(set(seen.values())), 3)
        self.check_printed(
            "sessions", "clicks.jsonl", expected,
            ("in", "io/file", """with = { path = "clicks.jsonl", format = "jsonl", fields = { user_id = "text" } }"""),
            ("count", "agg/count", 'key_by = "user_id"\nparallelism = 4\nwith = { emit = "update" }'),
            ("filter", "record/filter", 'with = { where = "n > 3" }'),
            ("map", "record/map", 'with = { keep = ["user_id"], rename = { user_id = "value" } }'),
            CONSOLE,
        )  # fmt: skip
        path = ("--set", "file.with.path=clicks.jsonl")
        for n in (1, 4, 8):
            rows = self.printed(self.library("sessions"), *path, "-P", f"map={n}")
            self.assertEqual(rows, sort(expected))
        stages = self.report(self.library("sessions"), *path)
        took = stages["map"]["metrics"]["processing_time_seconds"]
        self.assertEqual((took["type"], took["count"]), ("histogram", len(clicks)))
        self.assertGreater(took["sum"], 0)
        told = collections.Counter(stable_hash(tenant) % 4 for tenant in tenants)
        self.assertEqual(self.inputs(stages["map-2"]), [told[i] for i in range(4)])

    def test_tenants(self):
        names = ["acme", "b", "c", "d", "e", "acme", "f"]
        orders = [{"tenant": names[i % 7], "cents": i * 31} for i in range(700)]
        self.table("orders.jsonl", orders)
        taxed = [{**order, "cents": order["cents"] + order["cents"] * 19 // 100} for order in orders]
        settings = ("--set", "file.with.path=orders.jsonl")
        self.check_written(
            "tenants", "taxed", taxed,
            ("in", "io/file", 'with = { path = "orders.jsonl", format = "jsonl", fields = { tenant = "text", cents = "int64" } }'),
            ("map", "record/map", 'parallelism = 4\nwith = { set = { cents = "cents + cents * 19 // 100" } }'),
            ("out", "io/file_sink", FILES),
            settings=settings,
        )  # fmt: skip
        for n in (1, 4, 7):
            stages = self.report(self.library("tenants"), *settings, "-P", f"map={n}")
            told = collections.Counter(
                0 if n == 1 or order["tenant"] == "acme" else 1 + stable_hash(order["tenant"]) % (n - 1)
                for order in orders
            )
            self.assertEqual(self.inputs(stages["map"]), [told[i] for i in range(n)])

    def test_monitored(self):
        self.write("in.txt", "\n".join(LINES * 5))
        self.check_printed(
            "monitored", "in.txt", [{"line": line[::-1]} for line in LINES * 5],
            ("in", "io/file", 'with = { path = "in.txt" }'),
            ("map", "record/map", 'with = { set = { line = "line:reverse()" } }'),
            CONSOLE,
        )  # fmt: skip
        stages = self.report(self.library("monitored"), "--set", "file.with.path=in.txt")
        metrics = stages["monitored"]["metrics"]
        took = metrics["processing_time"]
        self.assertEqual((took["type"], took["count"]), ("histogram", 25))
        self.assertGreater(took["sum"], 0)
        self.assertEqual(metrics["long_lines"], {"type": "counter", "value": 10})

    def test_distributed(self):
        self.sage("run", self.library("distributed"), code=0)
        rows = self.rows("readings")
        self.assertLess(100, len(rows))
        self.write("twin.toml", pipeline(
            ("in", "io/generator", "with = { count = 10_000 }"),
            ("map", "record/map", 'parallelism = 4\nwith = { keep = ["key", "value"] }'),
            ("filter", "record/filter", 'with = { where = "value > 0.5" }'),
            ("out", "io/file_sink", FILES),
        ))  # fmt: skip
        self.sage("run", "twin.toml", code=0)
        self.assertEqual(self.sorted_rows("twin"), sort(rows))
        graph = self.sage("graph", self.library("distributed"), "--toml", code=0).out
        self.assertIn('name = "distributed_app"', graph)

    def test_a_launcher_hands_its_library_to_run_or_to_a_cluster(self):
        self.write("bin/sage", '#!/bin/sh\nprintf "%s\\n" "$@"\n')
        (self.folder / "bin/sage").chmod(0o755)

        def handed(name, arguments, sage="SAGE_BIN=bin/sage"):
            return self.bash(f"{sage} {EXAMPLES / name} {arguments}").out.splitlines()

        parallel = self.library("parallel")
        self.assertEqual(handed("parallel", "-P map=2"), ["run", parallel, "-P", "map=2"])
        self.assertEqual(handed("parallel", "", "PATH=bin"), ["run", parallel])
        self.assertEqual(
            handed("parallel", "--cluster http://h:1"), ["job", "submit", parallel, "--cluster", "http://h:1"])
        self.assertEqual(handed("distributed", ""), ["job", "submit", self.library("distributed")])
        done = self.bash(f"SAGE_BIN=/none {EXAMPLES / 'parallel'}")
        self.assertEqual(done.code, 4)
        self.assertIn("SAGE_BIN", done.err)


if __name__ == "__main__":
    unittest.main()
