#!/usr/bin/env python3
"""What becomes of records that an operator cannot take."""

import subprocess
import sys
import unittest

from job import PROBE, JobTest, pipeline
from shell import DEADLINE_S, SAGE

# Runs a command and prints the peak memory of that one process in kilobytes.
PEAK = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""

SOURCE = ("src", "io/generator", "with = { count = 10_000, keys = 10 }\nparallelism = 2")
CHECK = "with = { where = \"seq % 100 ~= 7 or error('seven')\" }\nparallelism = 3\n"
SINK = ("out", "io/file_sink", 'with = { path = "out/" }')


class Errors(JobTest):
    def test_skip_leaves_them_out_and_counts_them(self):
        self.write("job.toml", pipeline(SOURCE, ("f", "record/filter", CHECK + 'on_error = "skip"'), SINK))
        report = self.run_job("job.toml")
        self.assertEqual(self.stage(report, "f")["skipped"], 100)
        self.assertEqual(len(self.rows("out")), 9_900)

    def test_dead_letters_tell_stage_code_reason_and_record(self):
        letters = ("bad", "io/file_sink", 'from = "f.errors"\nwith = { path = "bad/" }')
        self.write("job.toml", pipeline(
            SOURCE, ("f", "record/filter", CHECK + 'on_error = "dead_letter"'), SINK, letters))
        report = self.run_job("job.toml")
        self.assertEqual(self.stage(report, "f")["dead_lettered"], 100)
        self.assertEqual(len(self.rows("out")), 9_900)
        rows = self.rows("bad")
        self.assertEqual(len(rows), 100)
        self.assertEqual(list(rows[0]), ["stage", "instance", "code", "message", "time", "record"])
        self.assertEqual({row["stage"] for row in rows}, {"f"})
        self.assertEqual({row["instance"] for row in rows} - {0, 1, 2}, set())
        for row in rows:
            self.assertRegex(row["code"], "^SAGE-E05")
            self.assertIn("seven", row["message"])
            self.assertRegex(row["record"], r'^\{"seq":\d*07?7?,|^\{"seq":\d*7,')

    def test_fail_ends_the_job_names_the_record_and_commits_nothing(self):
        self.write("job.toml", pipeline(SOURCE, ("f", "record/filter", CHECK), SINK))
        done = self.sage("run", "job.toml", code=1)
        self.assert_explained(done, "E0601", r"job\.toml:\d+:\d+")
        self.assertIn('"seq":', done.err)
        self.assertEqual(self.rows("out"), [])

    def test_a_letter_nobody_reads_is_a_lint_error(self):
        self.write("job.toml", pipeline(
            SOURCE, ("f", "record/filter", CHECK + 'on_error = "dead_letter"'), SINK))
        done = self.sage("lint", "job.toml", code=78)
        self.assertIn("f.errors", done.err)

    def test_a_source_rejects_what_it_cannot_read_and_goes_on(self):
        self.write("in.jsonl", '{"n": 1}\nnonsense\n{"n": 2}\n')
        reader = 'with = { path = "in.jsonl", format = "jsonl", fields = { n = "int64" } }\n'
        self.write("job.toml", pipeline(
            ("src", "io/file", reader + 'on_error = "dead_letter"'), SINK,
            ("bad", "io/file_sink", 'from = "src.errors"\nwith = { path = "bad/" }')))
        report = self.run_job("job.toml")
        self.assertEqual(self.rows("out"), [{"n": 1}, {"n": 2}])
        self.assertEqual(self.stage(report, "src")["records_in"], 3)
        (letter,) = self.rows("bad")
        self.assertEqual(letter["record"], '"nonsense"')

    def peak_memory(self, *arguments):
        """Runs a job; kilobytes that its process had at most, 12,000 or so at least."""
        process = subprocess.run(
            [sys.executable, "-c", PEAK, SAGE, "run", "-q", *arguments],
            env=self.environment, cwd=self.folder, timeout=DEADLINE_S, check=True, capture_output=True,
        )  # fmt: skip
        return int(process.stdout)

    def test_a_record_that_becomes_ten_million_takes_no_more_memory_than_one_that_becomes_one(self):
        peaks = []
        for copies in (1_000_000, 10_000_000):
            self.write("job.toml", pipeline(
                ("src", "probe/numbers", "with = { count = 10 }"),
                ("one", "probe/misbehave",
                 f'with = {{ every = 10, copies = {copies}, what = "explode" }}'),
                ("count", "agg/count", 'key_by = "key"\nparallelism = 2'), SINK))  # fmt: skip
            self.environment["SAGE_PLUGIN_PATH"] = str(PROBE)
            peaks.append(self.peak_memory("job.toml", "--set", "out.with.if_exists=replace"))
            self.assertEqual(self.rows("out"), [{"key": 0, "n": copies + 9}])
        self.assertLess(peaks[1], 1.3 * peaks[0])

    def test_a_line_of_millions_of_words_takes_little_memory(self):
        peaks = []
        for words in (500_000, 5_000_000):
            self.write("in.txt", "ab " * words + "\n")
            self.write("job.toml", pipeline(
                ("src", "io/file", 'with = { path = "in.txt" }'), ("split", "text/split", ""),
                ("count", "agg/count", 'key_by = "word"\nparallelism = 2'), SINK))  # fmt: skip
            peaks.append(self.peak_memory("job.toml", "--set", "out.with.if_exists=replace"))
            self.assertEqual(self.rows("out"), [{"word": "ab", "n": words}])
        self.assertLess(peaks[1] - peaks[0], 200_000)  # the line itself, a few times over


if __name__ == "__main__":
    unittest.main()
