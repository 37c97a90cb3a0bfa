#!/usr/bin/env python3
"""`sage graph` and `sage schema`: pictures and descriptions that other tools understand."""

import json
import re
import shutil
import subprocess
import unittest

from shell import NUMBERS, REJECTS, SageTest

SPREAD = NUMBERS.replace('id  = "add"', 'id  = "add"\nparallelism = 2')


class Graph(SageTest):
    def graph(self, *flags, text=SPREAD):
        self.write("p.toml", text)
        return self.sage("graph", "p.toml", *flags, code=0).out

    def test_text_says_what_is_fused_and_how_records_are_spread(self):
        text = self.graph()
        self.assertTrue(text.startswith("numbers: 4 stages, 3 chains, 4 tasks"), text)
        self.assertIn("<- src, rebalance, 2 channels", text)
        self.assertIn("<- even, forward, in place", text)
        self.assertIn("-> {n: int64, key: int64}", text)

    def test_dot_is_a_graph_of_graphviz(self):
        text = self.graph("--dot")
        self.assertTrue(text.startswith('digraph "numbers" {\n') and text.endswith("}\n"))
        self.assertEqual(text.count(" -> "), 3)
        if shutil.which("dot"):
            subprocess.run(["dot", "-Tsvg"], input=text, text=True, check=True,
                           stdout=subprocess.DEVNULL, timeout=60)  # fmt: skip

    def test_mermaid_is_a_flowchart(self):
        text = self.graph("--mermaid")
        self.assertTrue(text.startswith("flowchart LR\n"))
        self.assertIn('s0 -->|"rebalance"| s1', text)

    def test_toml_is_the_same_pipeline_with_every_default_written_out(self):
        text = self.graph("--toml")
        for says in ('partition = "rebalance"', 'from = "even"', "parallelism = 2"):
            self.assertIn(says, text)
        self.assertEqual(self.graph("--toml", text=text), text)
        self.assertEqual(self.graph(text=text), self.graph())
        self.write("again.toml", text)
        report = self.sage("run", "again.toml", "--report", "-", code=0).json
        self.assertEqual(report["stages"][-1]["records_in"], 500)

    def test_hard_names_do_not_break_the_pictures(self):
        text = SPREAD.replace('"even"', '"e-v_e-n"')
        for flag in ("--dot", "--mermaid", "--toml"):
            self.assertIn("e-v_e-n", self.graph(flag, text=text))


class Schema(SageTest):
    def test_the_fields_of_a_stage_one_a_line(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("schema", "p.toml", "--stage", "add", code=0)
        self.assertEqual(done.out, "n: int64\nkey: int64\n")

    def test_dead_letters_have_a_schema_too(self):
        bad = REJECTS.replace('"reject" }', '"reject" }\non_error = "dead_letter"')
        self.write("p.toml", bad)
        done = self.sage("schema", "p.toml", "--stage", "bad.errors", code=78)
        self.assert_explained(done, "E0208", r"p\.toml:14:\d+")  # nobody reads them
        reader = '[[stage]]\nid = "letters"\nuse = "io/null"\nfrom = "bad.errors"\n'
        self.write("p.toml", bad + reader)
        done = self.sage("schema", "p.toml", "--stage", "bad.errors", code=0)
        self.assertEqual(
            done.out,
            "stage: text\ninstance: int64\ncode: text\nmessage: text\ntime: timestamp\nrecord: text\n",
        )
        report = self.sage("run", "p.toml", "--report", "-", code=0).json
        stages = {stage["id"]: stage for stage in report["stages"]}
        self.assertEqual(stages["bad"]["dead_lettered"], 10)
        self.assertEqual(stages["letters"]["records_in"], 10)

    def test_the_stock_compiler_takes_the_capnp_text_and_lays_it_out_alike(self):
        if shutil.which("capnp") is None:
            self.skipTest("no capnp")
        self.write("p.toml", NUMBERS)
        text = self.sage("schema", "p.toml", "--stage", "add", "--capnp", code=0).out
        self.write("add.capnp", text)
        done = subprocess.run(["capnp", "compile", "-o-", "add.capnp"], cwd=self.folder,
                              capture_output=True, timeout=60)  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr.decode() + text)
        (name,) = re.findall(r"(?m)^struct (\w+)", text)
        self.assertEqual(name, "Add")
        encoded = subprocess.run(["capnp", "encode", "--flat", "add.capnp", name],
                                 input=b"(n = 1, key = 2)", cwd=self.folder, check=True,
                                 capture_output=True, timeout=60)  # fmt: skip
        body = (1).to_bytes(8, "little") + (2).to_bytes(8, "little")
        self.assertEqual(encoded.stdout[8:], body)  # behind the root pointer

    def test_an_operator_is_described_as_json_schema(self):
        document = json.loads(self.sage("schema", "probe/misbehave", code=0).out)
        self.assertEqual(document["$schema"], "http://json-schema.org/draft-07/schema#")
        self.assertEqual(set(document["properties"]), {"every", "copies", "what"})
        self.assertFalse(document["additionalProperties"])
        self.assertEqual(document["properties"]["what"]["default"], "nothing")

    def test_pipeline_files_are_described_with_every_operator_there_is(self):
        document = json.loads(self.sage("schema", "pipeline", code=0).out)
        stage = document["definitions"]["stage"]
        names = stage["properties"]["use"]["anyOf"][0]["enum"]
        self.assertIn("probe/add", names)
        self.assertEqual(len(stage["allOf"]), len(names))

    def test_the_schema_knows_the_keys_that_the_reader_knows(self):
        document = json.loads(self.sage("schema", "pipeline", code=0).out)
        stage = document["definitions"]["stage"]["properties"]
        self.assertEqual(self.known_keys('[[stage]]\nid="a"\nuse="a/b"\nnix=1\n'), set(stage))
        pipeline = document["properties"]["pipeline"]["properties"]
        self.assertEqual(self.known_keys("[pipeline]\nnix=1\n"), set(pipeline))
        test = document["properties"]["test"]["items"]["properties"]
        self.assertEqual(self.known_keys('[[test]]\nnix=1\n'), set(test))
        top = set(document["properties"])
        self.assertEqual(self.known_keys("nix=1\n"), top)

    def known_keys(self, text):
        """What the message about an unknown key lists."""
        self.write("p.toml", "sage = 1\n" + text)
        findings = self.sage("lint", "p.toml", "-o", "json").json["files"][0]["findings"]
        (hint,) = [f["hint"] for f in findings if f["code"] == "SAGE-E0106"]
        return set(re.search(r"known: ([\w, ]+)", hint)[1].split(", "))


if __name__ == "__main__":
    unittest.main()
