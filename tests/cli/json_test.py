#!/usr/bin/env python3
"""With -o json standard output is one JSON document with a schema_version, whatever happens."""

import json
import unittest

from shell import NUMBERS, PROBE, REJECTS, SageTest

TESTS = """
[[test]]
name  = "adds one"
at    = "add"
given = [{ n = 1, key = 0 }]
want  = [{ n = 2, key = 0 }]

[[test]]
name  = "keeps even numbers"
at    = ["add", "even"]
given = [{ n = 1, key = 0 }, { n = 2, key = 0 }]
want  = [{ n = 3, key = 0 }]
"""

COUNTS = [
    "records_in", "records_out", "filtered", "skipped", "dead_lettered", "failed", "bytes_in",
    "retries", "barriers", "bytes_out", "idle", "busy", "blocked",
]  # fmt: skip


class Json(SageTest):
    def json(self, *arguments, code=0, **options):
        return self.sage(*arguments, "-o", "json", code=code, **options).json

    def test_version_names_the_interfaces(self):
        document = self.json("version")
        self.assertEqual(set(document), {"schema_version", "version", "plugin_abi", "file_format"})
        self.assertIn(f"sage {document['version']} ", self.sage("version").out)
        self.assertEqual(self.sage("-V").out, f"sage {document['version']}\n")

    def test_plugin_list_has_the_promised_shape(self):
        self.write("more/broken.so", "no plugin")
        document = self.json("plugin", "list", "--plugins", "more")
        self.assertEqual(list(document), ["schema_version", "plugins", "refused"])
        probe = next(p for p in document["plugins"] if p["id"] == "probe")
        self.assertLessEqual({"id", "version", "file", "operators"}, set(probe))
        self.assertEqual(probe["version"], "1.0.0")
        self.assertEqual(probe["file"], str(PROBE / "probe.so"))
        self.assertEqual(
            {op["id"]: op["kind"] for op in probe["operators"]},
            {
                "numbers": "source", "add": "map", "even": "filter", "misbehave": "flatmap",
                "total": "keyed", "route": "partitioner", "tally": "sink",
            },
        )  # fmt: skip
        self.assertEqual(set(probe["operators"][0]), {"id", "kind", "summary"})
        file = str(self.folder / "more/broken.so")
        refused = [r for r in document["refused"] if r["file"] == file]
        self.assertEqual([(list(r), r["code"]) for r in refused],
                         [(["file", "code", "reason"], "SAGE-E0304")])  # fmt: skip
        self.assertNotIn(file, refused[0]["reason"])

    def test_plugin_inspect_shows_options_and_ports(self):
        document = self.json("plugin", "inspect", "probe/numbers")
        (op,) = document["operators"]
        self.assertEqual([o["name"] for o in op["options"]], ["count", "keys"])
        self.assertEqual(op["options"][0]["type"], "int")
        self.assertEqual(op["options"][0]["default"], "0")
        self.assertEqual(op["outputs"][0]["fields"][0], {"name": "n", "type": "int64"})
        self.assertEqual(len(self.json("plugin", "inspect", "probe")["operators"]), 7)

    def test_plugin_why_says_whether_and_why(self):
        document = self.json("plugin", "why", str(PROBE / "probe.so"))
        self.assertEqual(document["accepted"], True)
        self.assertEqual((document["id"], document["reasons"]), ("probe", []))
        self.write("broken.so", "no plugin")
        document = self.json("plugin", "why", "broken.so", code=1)
        self.assertEqual(document["accepted"], False)
        (reason,) = document["reasons"]
        self.assertEqual(reason["code"], "SAGE-E0304")
        self.assertTrue(reason["reason"] and reason["fix"])

    def test_lint_lists_the_findings_of_each_file(self):
        self.write("good.toml", NUMBERS)
        self.write("bad.toml", NUMBERS.replace("count =", "cuont ="))
        document = self.json("lint", "good.toml", "bad.toml", "nix.toml", code=74)
        good, bad, missing = document["files"]
        self.assertEqual(good, {"file": "good.toml", "findings": []})
        (finding,) = bad["findings"]
        self.assertEqual(finding["severity"], "error")
        self.assertEqual(finding["code"], "SAGE-E0107")
        place = (finding["file"], finding["line"], finding["column"])
        self.assertEqual(place, ("bad.toml", 8, 10))
        self.assertIn("did you mean `count`?", finding["hint"])
        self.assertEqual(missing["findings"][0]["code"], "SAGE-E0701")

    def test_test_lists_the_outcomes(self):
        self.write("p.toml", NUMBERS + TESTS)
        document = self.json("test", "p.toml", code=1)
        self.assertEqual((document["passed"], document["failed"]), (1, 1))
        good, bad = document["tests"]
        self.assertTrue(good["passed"])
        self.assertIsNone(good["error"])
        self.assertEqual(bad["name"], "keeps even numbers")
        self.assertEqual(bad["missing"], ['{"n":3,"key":0}'])
        self.assertEqual(bad["unexpected"], ['{"n":2,"key":0}'])
        self.assertEqual(bad["error"]["code"], "SAGE-E0610")
        self.assertEqual(bad["error"]["line"], NUMBERS.count("\n") + 8)

    def test_graph_lists_stages_and_edges(self):
        self.write("p.toml", NUMBERS.replace('id  = "add"', 'id = "add"\nparallelism = 2'))
        document = self.json("graph", "p.toml")
        self.assertEqual([s["id"] for s in document["stages"]], ["src", "add", "even", "out"])
        kinds = [(e["from"], e["to"], e["kind"], e["channels"]) for e in document["edges"]]
        self.assertEqual(kinds[0], ("src", "add", "rebalance", 2))

    def test_schema_of_a_stage_lists_its_fields(self):
        self.write("p.toml", NUMBERS)
        document = self.json("schema", "p.toml", "--stage", "add")
        fields = [{"name": "n", "type": "int64"}, {"name": "key", "type": "int64"}]
        self.assertEqual(document["fields"], fields)
        self.assertRegex(document["schema_id"], "^[0-9a-f]{16}$")

    def test_explain_gives_title_and_text(self):
        document = self.json("explain", "e0107")
        self.assertEqual((document["code"], document["title"]), ("SAGE-E0107", "unknown option"))

    def test_the_report_of_run_has_the_promised_members(self):
        self.write("p.toml", NUMBERS)
        document = self.json("run", "p.toml", "-P", "add=2")
        self.assertLessEqual({"state", "seconds", "error", "limited_by", "stages"}, set(document))
        self.assertEqual((document["state"], document["error"]), ("finished", None))
        for stage in document["stages"]:
            self.assertLessEqual({"id", "use", "parallelism", "skew", *COUNTS, "metrics"}, set(stage))
            self.assertEqual(len(stage["instances"]), stage["parallelism"])
            for index, instance in enumerate(stage["instances"]):
                self.assertEqual(instance["index"], index)
                self.assertLessEqual(set(COUNTS), set(instance))
                shares = [instance[share] for share in ("idle", "busy", "blocked")]
                self.assertTrue(all(0 <= share <= 1 for share in shares), shares)
        tally = document["stages"][-1]
        self.assertEqual(tally["metrics"]["count"], {"type": "counter", "value": 500})
        self.assertEqual(tally["instances"][0]["metrics"], tally["metrics"])

    def test_the_report_has_the_quantiles_of_histograms(self):
        self.write("p.toml", NUMBERS.replace("probe/tally", "flaky/sink"))
        sink = self.json("run", "p.toml")["stages"][-1]
        histogram = sink["metrics"]["n"]
        self.assertEqual(histogram["type"], "histogram")
        self.assertEqual((histogram["count"], histogram["min"], histogram["max"]), (500, 2, 1000))
        for name, value in (("p50", 500), ("p90", 900), ("p99", 990)):
            self.assertAlmostEqual(histogram[name], value, delta=0.04 * value)
        self.assertEqual((sink["skew"], sink["retries"]), (1, 0))

    def test_a_failed_job_has_a_report_with_its_error(self):
        self.write("p.toml", REJECTS)
        document = self.json("run", "p.toml", code=1)
        self.assertEqual(document["state"], "failed")
        error = document["error"]
        self.assertEqual(error["code"], "SAGE-E0601")
        self.assertEqual((error["stage"], error["instance"], error["node"]), ("bad", 0, None))
        self.assertEqual(json.loads(error["record"]), {"n": 99, "key": 1})
        self.assertEqual((error["file"], error["line"], error["column"]), ("p.toml", 11, 8))

    def test_a_refused_pipeline_has_a_report_with_its_error(self):
        self.write("p.toml", NUMBERS.replace("count =", "cuont ="))
        document = self.json("run", "p.toml", code=78)
        self.assertEqual((document["state"], document["stages"]), ("failed", []))
        self.assertEqual(document["error"]["code"], "SAGE-E0107")

    def test_errors_are_documents_as_well(self):
        self.write("bad.toml", NUMBERS.replace("count =", "cuont ="))
        for arguments, code, says in (
            (["graph", "bad.toml"], 78, "SAGE-E0107"),
            (["test", "bad.toml"], 78, "SAGE-E0107"),
            (["schema", "bad.toml", "--stage", "add"], 78, "SAGE-E0107"),
            (["schema", "probe/ad"], 4, "SAGE-E0302"),
            (["graph", "nix.toml"], 74, "SAGE-E0701"),
            (["explain", "E9999"], 4, "SAGE-E0806"),
            (["plugin", "inspect", "nix"], 4, "SAGE-E0301"),
            (["plugin", "why", "nix.so"], 74, "SAGE-E0701"),
            (["run", "bad.toml", "--nix"], 2, "SAGE-E0802"),
            (["run"], 2, "SAGE-E0803"),
            (["nix"], 2, "SAGE-E0801"),
        ):
            with self.subTest(arguments):
                done = self.sage(*arguments, "-o", "json", code=code)
                self.assertEqual(list(done.json), ["schema_version", "errors"])
                (error,) = done.json["errors"]
                self.assertEqual((error["severity"], error["code"]), ("error", says))
                self.assertTrue(error["message"] and error["hint"])
                self.assertIn(f"error[{says}]: ", done.err)  # for the person, too

    def test_jsonl_is_one_object_a_line(self):
        self.write("p.toml", NUMBERS + TESTS)
        for arguments in (
            ["version"], ["plugin", "list"], ["plugin", "inspect", "probe"], ["graph", "p.toml"],
            ["test", "p.toml"], ["run", "p.toml"], ["explain", "E0107"], ["graph", "nix"],
            ["schema", "p.toml", "--stage", "add"], ["schema", "probe/add"], ["schema", "pipeline"],
        ):  # fmt: skip
            with self.subTest(arguments):
                lines = self.sage(*arguments, "-o", "jsonl").out.splitlines()
                self.assertTrue(lines)
                for line in lines:
                    self.assertIsInstance(json.loads(line), dict)

    def test_name_is_for_loops_of_a_shell(self):
        self.write("p.toml", NUMBERS)
        names = self.sage("plugin", "list", "-o", "name", code=0).out.split()
        self.assertIn("probe/add", names)
        self.assertEqual(self.sage("graph", "p.toml", "-o", "name").out, "src\nadd\neven\nout\n")
        self.assertEqual(self.sage("schema", "p.toml", "--stage", "add", "-o", "name").out,
                         "n\nkey\n")  # fmt: skip


if __name__ == "__main__":
    unittest.main()
