#!/usr/bin/env python3
"""`sage plugin test`: good plugins pass, each broken rule is found for what it is."""

import pathlib
import re
import shutil
import signal
import subprocess
import time
import unittest

from shell import BUILD, TOYS, SageTest

UNFIT = str(BUILD / "tests/plugins/unfit.so")
DEADLINE = "3s"  # of a check; one of them hangs

# What each operator of `unfit` fails, and why.
FAILS = {
    "new_role": {"describe": "another table of sage.role.transform/1 each time"},
    "silent": {"describe": "no summary"},
    "aborts_on_none": {"batches": "by SIGABRT, at: a batch of 0 records"},
    "aborts_on_rows": {"batches": "by SIGABRT, at: a batch of 1 records, of which every second one counts"},
    "any_role": {"describe": "a role that does not exist"},
    "wrong_default": {
        "describe": r"the default of `wrong_default`: option `n` needs an integer",
        "create": r"refuses its defaults: .*option `n` needs an integer",
    },
    "trusts_options": {"options": r"by SIG(SEGV|ABRT), at: option `mode` = "},
    "never_made": {"create": "the moon is not full"},
    "exits": {"batches": "with status 3, at: a batch of 65536 records"},
    "malformed": dict.fromkeys(
        ("batches", "values", "unchanged", "interrupt", "rounds"), "a list ends outside the record"
    ),
    "aborts": {"values": r"by SIGABRT, at: (lists of 10000 items|texts of 1 MiB)"},
    "edits": {"unchanged": "changed bytes of record 0"},
    "edits_envelope": {"unchanged": "changed the envelope of record 0"},
    "leaves_memory": {"rounds": r"after 150 rounds there are \d+ bytes in use more"},
    "leaves_pages": {"rounds": r"after 150 rounds there are \d+ resident bytes more"},
    "leaves_descriptor": {"rounds": "150 open descriptors more"},
    "leaves_thread": {"rounds": "150 threads more"},
    "hangs": {"finish": "did not end within 3 s, at: the end of the input, before any record"},
    "bad_interrupt": {"interrupt": r"by SIG(SEGV|BUS), at: interrupt before the first call, and after"},
    "bad_source": dict.fromkeys(("polls", "interrupt", "rounds"), "a list ends outside the record"),
    "commits_once": {"commit": "commit ended with status"},
    "beyond": dict.fromkeys(
        ("batches", "values", "unchanged", "interrupt", "rounds"), "goes to target 1 of 1"
    ),
}  # fmt: skip
NOT_MADE = ("never_made", "wrong_default", "needs_word", "names_nothing")
OF_RECORDS = ["describe", "options", "create", "batches", "values", "unchanged", "finish", "interrupt", "rounds"]


class Box(SageTest):
    def setUp(self):
        super().setUp()
        if "ASAN_OPTIONS" in self.environment:  # which keeps what is freed for a while, and grows
            self.environment["ASAN_OPTIONS"] += ":quarantine_size_mb=0:thread_local_quarantine_size_kb=0"

    def test_every_plugin_in_the_box_passes_every_check(self):
        self.write("in.txt", "a b a\n{}\n")
        with_options = {
            "text": ["regex.pattern=(?P<word>[a-z]+)"],
            "record": [
                "filter.where=int64 > 3", 'map.set={ y = "#text + int64" }', 'map.types={ y = "int64" }',
                'parse_json.fields={ a = "int64", b = { type = "text", default = "" } }',
            ],
            "agg": ['reduce.aggregate={ t = "sum(int64)", best = "top(3, float64)", l = "collect(text)" }'],
            "io": ["file.path=in.txt", "file_sink.path=out/", "file_sink.if_exists=replace"],
        }  # fmt: skip
        files = sorted((BUILD / "plugins").glob("*.so"))
        self.assertEqual([file.stem for file in files], sorted(with_options))
        for file in files:
            flags = [word for value in with_options[file.stem] for word in ("--with", value)]
            with self.subTest(file.stem):
                done = self.sage("plugin", "test", file, *flags, "--timeout", "60s", "-o", "json")
                bad = [check for check in done.json["checks"] if check["state"] != "passed"]
                self.assertEqual((done.code, bad), (0, []))
        # It really ran: the sink has committed what it was given.
        self.assertEqual(len((self.folder / "out/part-00000.jsonl").read_text().splitlines()), 100)

    def test_what_needs_an_option_is_skipped_with_a_word(self):
        done = self.sage("plugin", "test", BUILD / "plugins/io.so", "-o", "json", code=0)
        skipped = [c for c in done.json["checks"] if c["state"] == "skipped"]
        self.assertEqual({c["operator"] for c in skipped}, {"file", "file_sink"})
        self.assertEqual({c["reason"] for c in skipped}, {"it needs `path`"})
        checks = [c["check"] for c in done.json["checks"] if c["operator"] == "null"]
        self.assertEqual(checks, [*OF_RECORDS, "commit"])
        checks = [c["check"] for c in done.json["checks"] if c["operator"] == "generator"]
        self.assertEqual(checks, ["describe", "options", "create", "polls", "finish", "interrupt", "rounds"])


class Unfit(SageTest):
    maxDiff = None

    def test_each_broken_rule_is_found_and_nothing_else(self):
        done = self.sage("plugin", "test", UNFIT, "--timeout", DEADLINE, "-o", "json", code=1)
        document = done.json
        self.assertEqual(list(document), ["schema_version", "file", "plugin", "checks"])
        self.assertEqual((document["file"], document["plugin"]), (UNFIT, "unfit"))
        self.assertEqual(document["checks"][0],
                         {"operator": None, "check": "load", "state": "passed", "reason": ""})  # fmt: skip
        failed = {}
        for check in document["checks"]:
            if check["state"] == "failed":
                failed.setdefault(check["operator"], {})[check["check"]] = check["reason"]
            elif check["state"] == "skipped":
                self.assertIn(check["operator"], NOT_MADE)
                if check["operator"] == "names_nothing":
                    self.assertIn("option `also` names ``, which is no field", check["reason"])
        self.assertEqual({op: set(checks) for op, checks in failed.items()},
                         {op: set(checks) for op, checks in FAILS.items()})  # fmt: skip
        for op, checks in FAILS.items():
            for check, reason in checks.items():
                if "ASAN_OPTIONS" in self.environment:  # which tells of it and ends the process
                    reason = re.sub(r"by SIG\([A-Z|]+\)", "with status 1", reason)
                self.assertRegex(failed[op][check], reason)

    def test_people_get_a_line_for_each_check_what_to_do_and_a_sum(self):
        shutil.copyfile(TOYS / "ok.so", self.folder / "ok.so")
        done = self.sage("plugin", "test", "ok.so", "--with", "tally.word=one", code=0)
        *checks, total = done.out.splitlines()
        self.assertEqual(checks[0], "ok       toy        load")
        self.assertEqual(checks[1:], [f"ok       toy/tally  {check}" for check in OF_RECORDS])
        self.assertEqual(total, "toy 1.0.0: 10 passed, 0 failed")
        self.assertEqual(done.err, "")
        done = self.sage("plugin", "test", "ok.so", code=0)
        self.assertRegex(done.out, r"skipped  toy/tally  create +it needs `word`\n +give it: --with tally.word=VALUE")
        self.assertTrue(done.out.endswith("toy 1.0.0: 3 passed, 0 failed, 7 skipped\n"))

    def test_a_plugin_that_does_not_begin_is_told_so_once(self):
        done = self.sage("plugin", "test", TOYS / "init_fails.so", code=1)
        first, todo, *rest = done.out.splitlines()
        self.assertRegex(first, r"FAILED   init_fails +load +plugin `init_fails` could not begin")
        self.assertRegex(todo, r"^ +to repeat it: gdb --args \S+/sage-plugin-test \S+\.so load ''$")
        self.assertIn("`load` has failed", rest[0])
        done = self.sage("plugin", "test", TOYS / "any_factory.so", code=1)
        self.assertRegex(done.out, r"FAILED   toy +load +it has an answer to a factory that does not exist")
        names = self.sage("plugin", "test", TOYS / "init_fails.so", "-o", "name", code=1).out
        self.assertEqual(names, "init_fails load\n")
        repeated = self.bash(todo.split("--args ")[1])
        self.assertRegex(repeated.out, r"(?m)^failed plugin `init_fails` could not begin")


class Refused(SageTest):
    def test_what_is_no_plugin_is_refused_as_everywhere(self):
        self.sage("plugin", "test", "nix.so", code=74)
        self.sage("plugin", "test", ".", code=74)
        self.assert_explained(self.sage("plugin", "test", self.write("a.so", "text"), code=78), "E0304")
        self.assert_explained(self.sage("plugin", "test", TOYS / "aborts.so", code=78), "E0311")
        self.sage("plugin", "test", code=2)

    def test_options_that_cannot_be_are_bad_usage_and_nothing_runs(self):
        file = TOYS / "ok.so"
        for text, hint in (
            ("tolly.word=one", "tally"), ("tally.wrod=one", "word"), ("word=one", "OPERATOR.OPTION=VALUE"),
            ("tally.word", "OPERATOR.OPTION=VALUE"), ("tally.word=[1", "OPERATOR.OPTION=VALUE"),
        ):  # fmt: skip
            with self.subTest(text):
                done = self.sage("plugin", "test", file, "--with", text, code=2)
                self.assert_explained(done, "E0804")
                self.assertIn(hint, done.err)
                self.assertEqual(done.out, "")

    def test_options_that_the_operator_refuses_fail(self):
        done = self.sage("plugin", "test", TOYS / "ok.so", "--with", "tally.word=three", code=1)
        self.assertRegex(done.out, r"FAILED   toy/tally  create +it refuses its options: .*`word`")


class Safe(SageTest):
    def test_the_code_of_a_plugin_runs_in_helpers_only(self):
        mark = self.folder / "mark"
        marks = TOYS / "marks.so"
        environment = {"SAGE_TOY_MARK": str(mark)}
        for words in (("why",), ("inspect",), ("test", "--with", "tally.word=one")):
            self.sage("plugin", words[0], marks, *words[1:], env=environment, code=0)
            ran = mark.read_text().split()
            self.assertLessEqual(set(ran), {"sage-plugin-scan", "sage-plugin-test"}, words)
            self.assertTrue(ran)
            mark.unlink()
        self.sage("plugin", "list", "--plugins", self.put_alone(marks), env=environment, code=0)
        self.assertEqual(mark.read_text().split(), ["sage-plugin-scan"])

    def put_alone(self, file):
        (self.folder / "plugins").mkdir()
        shutil.copyfile(file, self.folder / "plugins" / pathlib.Path(file).name)
        return "plugins"

    def test_a_check_that_hangs_can_be_interrupted_and_leaves_nothing(self):
        process = self.start("plugin", "test", UNFIT, "--timeout", "50s", stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)  # fmt: skip
        for line in process.stdout:
            if line.startswith("ok       unfit/hangs") and line.split()[-1] == "unchanged":
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        began = time.monotonic()
        self.finish(process, -signal.SIGINT)
        self.assertLess(time.monotonic() - began, 5)


if __name__ == "__main__":
    unittest.main()
