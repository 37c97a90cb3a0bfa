#!/usr/bin/env python3
"""The main job as a user sees it: files in, counts out, through the plugins in the box."""

import collections
import concurrent.futures
import fcntl
import json
import os
import pathlib
import stat
import unittest

from shell import NUMBERS, SOURCE, SageTest

PIPELINES = SOURCE / "configs/pipelines"

CONSOLE = NUMBERS[: NUMBERS.rindex("[[stage]]")] + '[[stage]]\nid = "out"\nuse = "io/console"\n'


class Words(SageTest):
    def setUp(self):
        super().setUp()
        del self.environment["SAGE_PLUGIN_PATH"]
        self.write("books/a.txt", "the cat\nThe dog and the bird\n")
        self.write("books/more/b.txt", "a dog\r\n\nlast line without an end")
        self.environment.update(BOOKS="books/", OUT="counts/")
        self.counts = collections.Counter()
        for book in self.folder.glob("books/**/*.txt"):
            self.counts.update(book.read_text().split())

    def counted(self, folder="counts"):
        rows = [
            json.loads(line)
            for part in (self.folder / folder).glob("part-*.jsonl")
            for line in part.read_text().splitlines()
        ]
        self.assertEqual(len(rows), len({row["word"] for row in rows}))
        return {row["word"]: row["n"] for row in rows}

    def test_word_count_counts_words_whatever_the_parallelism(self):
        for n in ("1", "2", "5"):
            with self.subTest(n):
                stages = [f"-P{stage}={n}" for stage in ("lines", "words", "count", "out")]
                done = self.sage("run", PIPELINES / "wordcount.toml", *stages, code=0)
                rows = len(self.counts)
                self.assertRegex(done.err, rf"^done: 5 records in .* s \(.*/s\), {rows} rows to counts/\n$")
                self.assertEqual(self.counted(), self.counts)

    def test_a_job_that_is_interrupted_at_its_begin_leaves_no_result(self):
        done = self.sage("run", PIPELINES / "wordcount.toml", "--limit", "0", code=0)
        self.assertIn("0 rows to counts/", done.err)
        self.assertEqual(self.counted(), {})

    def test_its_tests_pass(self):
        done = self.sage("test", PIPELINES / "wordcount.toml", code=0)
        self.assertNotIn("FAIL", done.out)
        self.assertIn(" passed, 0 failed\n", done.err)

    def test_missing_input_ends_with_74_at_the_stage(self):
        self.environment["BOOKS"] = "nix/"
        done = self.sage("run", PIPELINES / "wordcount.toml", code=74)
        self.assert_explained(done, "E0604", r"\S+wordcount\.toml:\d+:\d+")
        self.assertIn("nix/", done.err)
        self.assertIn("stage: lines, instance 0", done.err)

    def test_earlier_results_are_not_mixed_with_new_ones(self):
        run = ("run", PIPELINES / "wordcount.toml", "--set", "out.with.if_exists=fail")
        self.sage(*run, code=0)
        before = self.counted()
        done = self.sage(*run, code=78)
        self.assert_explained(done, "E0604", r"\S+wordcount\.toml:\d+:\d+")
        self.assertIn("if_exists", done.err)
        self.assertEqual(self.counted(), before)

    def test_the_demo_shows_a_pipeline_at_work_and_what_to_do_next(self):
        done = self.sage("demo", code=0)
        rows = [json.loads(line) for line in done.out.splitlines()]
        best = sorted(self.counts.items(), key=lambda item: (-item[1], item[0]))
        self.assertEqual([row["n"] for row in rows], [n for _, n in best[:5]])
        self.assertIn('use  = "io/file"', done.err)
        self.assertIn("Next:\n  sage graph ", done.err)
        (folder,) = self.demo_folders()
        self.assertEqual(self.counted(folder / "result"), self.counts)
        *lines, empty, last = done.err.split("Next:\n")[1].splitlines()
        for line in lines:
            self.assertEqual(self.bash(line).code, 0, line)  # they work as they stand
        self.assertEqual(empty, "")
        self.assertIn(f" stay in {folder}/ ", last)
        self.assertEqual(self.sage("demo", "-o", "json", code=0).json["state"], "finished")

    def demo_folders(self):
        home = self.folder / f"tmp/sage-demo-{os.geteuid()}"
        self.assertEqual(stat.S_IMODE(home.stat().st_mode), 0o700)
        return list(home.iterdir())

    def test_a_demo_removes_what_the_one_before_left_and_nothing_else(self):
        self.sage("demo", "sessions", code=0)
        self.write("tmp/sage-demo-mine/file", "")
        for demo in ("wordcount", "sessions", "wordcount"):
            before = self.demo_folders()
            done = self.sage("demo", demo, code=0)
            left = self.demo_folders()
            self.assertEqual(sorted(f.name.split("-")[0] for f in left), ["sessions", "wordcount"])
            (fresh,) = set(left) - set(before)
            self.assertIn(str(fresh), done.err.splitlines()[-1])
        self.assertTrue((self.folder / "tmp/sage-demo-mine/file").exists())

    def test_a_demo_leaves_the_folder_of_one_that_runs_alone(self):
        self.sage("demo", code=0)
        (running,) = self.demo_folders()
        lock = os.open(running, os.O_RDONLY)
        fcntl.flock(lock, fcntl.LOCK_EX)  # as a demo does while it runs
        self.sage("demo", code=0)
        self.assertEqual(len(self.demo_folders()), 2)
        os.close(lock)
        self.sage("demo", code=0)
        self.assertEqual(len(self.demo_folders()), 1)

    def test_many_demos_at_once_do_not_disturb_each_other(self):
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            for done in pool.map(lambda _: self.sage("demo"), range(16)):
                self.assertEqual(done.code, 0, done)
        self.sage("demo", code=0)
        self.assertEqual(len(self.demo_folders()), 1)

    def test_a_demo_does_not_write_to_a_folder_that_others_have_prepared(self):
        trap = self.folder / f"tmp/sage-demo-{os.geteuid()}"
        trap.mkdir()
        trap.chmod(0o777)
        self.assert_explained(self.sage("demo", code=74), "E0705")
        self.assertEqual(list(trap.iterdir()), [])

    def test_a_demo_that_cannot_begin_leaves_nothing(self):
        self.environment["TMPDIR"] = str(self.folder / "nix")
        self.assert_explained(self.sage("demo", code=74), "E0705")


class Console(SageTest):
    def test_rows_go_to_standard_output_and_talk_does_not(self):
        self.write("p.toml", CONSOLE)
        done = self.sage("run", "p.toml", code=0)
        rows = [json.loads(line) for line in done.out.splitlines()]
        self.assertEqual(sorted(row["n"] for row in rows), list(range(2, 1001, 2)))
        self.assertIn("done: ", done.err)
        done = self.sage("run", "p.toml", "--limit", "3", code=0)
        self.assertEqual(len(done.out.splitlines()), 3)

    def test_a_job_ends_quietly_when_its_reader_goes_away(self):
        self.write("p.toml", CONSOLE.replace("1000", "1_000_000_000_000"))
        done = self.bash("sage run p.toml --report report.json | head -n 1")
        self.assertEqual(done.code, 141)  # 128 + SIGPIPE, as of every tool
        self.assertEqual((done.out.count("\n"), done.err), (1, ""))
        self.assertEqual(json.loads((self.folder / "report.json").read_text())["state"], "failed")

    def test_a_full_disk_fails_the_job(self):
        self.write("p.toml", CONSOLE)
        with open("/dev/full", "w") as full:
            done = self.sage("run", "p.toml", stdout=full)
        self.assertIn(done.code, (1, 74))
        self.assertIn("No space left on device", done.err)
        self.assertIn("nothing committed", done.err)


if __name__ == "__main__":
    unittest.main()
