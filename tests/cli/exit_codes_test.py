#!/usr/bin/env python3
"""How commands end: the exit codes of interface.md, and errors that say what to do."""

import os
import re
import unittest

from shell import NUMBERS, PROBE, REJECTS, SOURCE, SageTest


class ExitCodes(SageTest):
    def test_a_job_that_ends_by_itself_ends_with_0(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("run", "p.toml", code=0)
        self.assertEqual(done.out, "")

    def test_a_job_that_fails_ends_with_1(self):
        self.write("p.toml", REJECTS)
        done = self.sage("run", "p.toml", code=1)
        # At the stage that failed, with the instance and the record.
        self.assert_explained(done, "E0601", r"p\.toml:11:8")
        self.assertIn("told to reject", done.err)
        self.assertIn("stage `bad`, instance 0", done.err)
        self.assertIn('record: {"n":99,"key":1}', done.err)
        self.assertIn("failed: ", done.err)
        self.assertIn("nothing committed", done.err)

    def test_an_operator_that_fails_ends_with_1(self):
        self.write("p.toml", REJECTS.replace('"reject"', '"fail"'))
        done = self.sage("run", "p.toml", code=1)
        self.assert_explained(done, "E0602", r"p\.toml:11:8")
        self.assertIn("told to fail", done.err)

    def test_a_failed_test_ends_with_1(self):
        test = '[[test]]\nname="t"\nat="add"\ngiven=[{n=1,key=0}]\nwant=[]\n'
        self.write("p.toml", NUMBERS + test)
        self.sage("test", "p.toml", code=1)

    def test_wrong_command_lines_end_with_2_and_say_what_is_meant(self):
        self.write("p.toml", NUMBERS)
        for arguments, code, says in (
            (["runn", "p.toml"], "E0801", "did you mean `sage run`?"),
            (["plugin", "lst"], "E0801", "did you mean `sage plugin list`?"),
            ([""], "E0801", "`sage --help` lists the commands"),
            (["cluster", "start"], "E0801", "`sage --help` lists the commands"),
            (["run", "p.toml", "--lmit", "3"], "E0802", "did you mean `--limit`?"),
            (["run", "p.toml", "--linger", "1"], "E0804", "a duration"),
            (["lint", "p.toml", "-P", "add=2"], "E0802", "`sage lint --help` lists"),
            (["run", "p.toml", "--cpus", "0"], "E0804", "a number from 1 to 4,096"),
            (["run", "p.toml", "--gpus", "2"], "E0802", "did you mean `--cpus`?"),
            (["lint", "p.toml", "--set", "a=b"], "E0802", "`sage lint --help` lists"),
            (["run"], "E0803", "FILE.toml"),
            (["lint"], "E0803", "FILE"),
            (["run", "p.toml", "--for"], "E0803", "`--for` needs a value"),
            (["run", "p.toml", "--for", "10"], "E0804", "a duration such as 10s"),
            (["run", "p.toml", "--for=-1s"], "E0804", "a duration such as 10s"),
            (["run", "p.toml", "--limit=-1"], "E0804", "a whole number"),
            (["run", "p.toml", "--limit", "99999999999999999999"], "E0804", "a whole number"),
            (["run", "p.toml", "--batch-records", "0"], "E0804", "from 1 to 65,536"),
            (["run", "p.toml", "--batch-records", "65537"], "E0804", "from 1 to 65,536"),
            (["run", "p.toml", "-o", "yaml"], "E0804", "text|json|jsonl|name"),
            (["run", "p.toml", "--color", "red"], "E0804", "auto|always|never"),
            (["graph", "p.toml", "--dot", "--toml"], "E0805", "leave all but one"),
            (["run", "p.toml", "q.toml"], "E0807", "does not take `q.toml`"),
            (["version", "1"], "E0807", "does not take `1`"),
            (["schema", "p.toml"], "E0803", "--stage ID"),
            (["schema", "pipelin"], "E0804", "plugin/operator"),
            (["schema", "node"], "E0804", "plugin/operator"),
            (["run", "p.toml", "--set", "a"], "E0125", "--set STAGE.KEY=VALUE"),
            (["run", "p.toml", "--set", "="], "E0125", "--set STAGE.KEY=VALUE"),
            (["run", "p.toml", "--set", "nix.with.count=1"], "E0125", "known: src, add"),
            (["run", "p.toml", "-P", "add"], "E0125", "-P STAGE=NUMBER"),
            (["demo", "rag"], "E0804", "wordcount"),
        ):
            with self.subTest(arguments):
                done = self.sage(*arguments, code=2)
                self.assert_explained(done, code)
                self.assertIn(says, done.err)
                self.assertEqual(done.out, "")

    def test_nothing_at_all_ends_with_2_and_shows_the_commands(self):
        self.assertIn("Commands\n", self.sage(code=2).err)
        self.assertIn("plugin why", self.sage("plugin", code=2).err)

    def test_things_that_are_not_there_end_with_4_and_a_suggestion(self):
        self.write("p.toml", NUMBERS)
        for arguments, code, says in (
            (["explain", "E9999"], "E0806", "codes look like E0107"),
            (["explain", "E010"], "E0806", "did you mean"),
            (["plugin", "inspect", "prob"], "E0301", "did you mean `probe`?"),
            (["plugin", "inspect", "probe/ad"], "E0302", "did you mean `add`?"),
            (["plugin", "inspect", "probe@7/add"], "E0303", "1.0.0"),
            (["schema", "prob/add"], "E0301", "did you mean `probe`?"),
            (["schema", "probe/ad"], "E0302", "did you mean `add`?"),
            (["schema", "p.toml", "--stage", "ad"], "E0808", "did you mean `add`?"),
            (["schema", "p.toml", "--stage", "out"], "E0808", "is a sink"),
        ):
            with self.subTest(arguments):
                done = self.sage(*arguments, code=4)
                self.assert_explained(done, code)
                self.assertIn(says, done.err)

    def test_missing_and_unreadable_files_and_directories_end_with_74(self):
        (self.folder / "folder").mkdir()
        self.write("p.toml", NUMBERS)
        for verb in ("run", "lint", "test", "graph"):
            for file, code in (("nix.toml", "E0701"), ("folder", "E0703"), ("p.toml/x", "E0701")):
                with self.subTest(verb=verb, file=file):
                    done = self.sage(verb, file, code=74)
                    self.assert_explained(done, code, re.escape(file) + ":1:1")
        for verb in ("why", "inspect"):
            for file in ("nix.so", "p.toml/x.so"):
                with self.subTest(verb=verb, file=file):
                    self.assert_explained(self.sage("plugin", verb, file, code=74), "E0701")

    @unittest.skipIf(os.geteuid() == 0, "root may read everything")
    def test_a_file_that_may_not_be_read_ends_with_74(self):
        (self.folder / self.write("p.toml", NUMBERS)).chmod(0)
        self.assert_explained(self.sage("run", "p.toml", code=74), "E0702", r"p\.toml:1:1")

    def test_wrong_pipelines_end_with_78_and_show_the_line(self):
        self.write("p.toml", NUMBERS.replace("count =", "cuont ="))
        for verb in ("run", "lint", "test", "graph"):
            with self.subTest(verb):
                done = self.sage(verb, "p.toml", code=78)
                self.assert_explained(done, "E0107", r"p\.toml:8:10")
                self.assertIn("8 | with = { cuont = 1000, keys = 7 }", done.err)
                self.assertIn("  |          ^^^^^ did you mean `count`?", done.err)

    def test_a_plugin_that_describes_no_pipeline_cannot_be_run(self):
        self.assert_explained(self.sage("run", "app.so", code=74), "E0701", r"app\.so:1:1")
        probe = PROBE / "probe.so"
        self.assert_explained(self.sage("run", probe, code=78), "E0810", r".*/probe\.so:1:1")

    def test_every_code_of_the_table_is_explained(self):
        codes = set()
        for path in (SOURCE / "core/base").glob("codes_*.cpp"):
            codes |= set(re.findall(r'\{"([EW]0\d{3})"', path.read_text()))
        self.assertGreater(len(codes), 100)
        script = "".join(f"sage explain -o name {code} || echo no {code}\n" for code in sorted(codes))
        done = self.bash(script)
        self.assertEqual(done.out.split(), [f"SAGE-{code}" for code in sorted(codes)])
        self.assertEqual(done.err, "")

    def test_a_code_may_be_written_in_several_ways(self):
        first = self.sage("explain", "SAGE-E0107", code=0).out
        self.assertTrue(first.startswith("SAGE-E0107: unknown option\n\n"), first)
        for way in ("E0107", "e0107", "sage-e0107"):
            self.assertEqual(self.sage("explain", way, code=0).out, first)


if __name__ == "__main__":
    unittest.main()
