#!/usr/bin/env python3
"""Word count gives what find, tr, sort and uniq give, word for word."""

import pathlib
import unittest

from job import PIPELINES, JobTest

LICENCES = pathlib.Path("/usr/share/common-licenses")
STAGES = ("lines", "words", "count", "out")
COUNT = r"""
export LC_ALL=C
find "$BOOKS" -type f -exec cat {} + | tr -s '[:space:]' '\n' | sort | uniq -c
"""


class WordCount(JobTest):
    def setUp(self):
        super().setUp()
        self.environment.update(BOOKS=f"{LICENCES}/", OUT="counts/")
        self.expected = {}
        for line in self.bash(COUNT).out.splitlines():
            n, _, word = line.strip().partition(" ")
            if word:
                self.expected[word] = int(n)

    def check(self, *arguments):
        self.run_job(PIPELINES / "wordcount.toml", *arguments)
        rows = self.rows("counts")
        self.assertEqual(len(rows), len({row["word"] for row in rows}), "a word has two counts")
        self.assertEqual({row["word"]: row["n"] for row in rows}, self.expected)

    def test_for_every_parallelism_from_1_to_8_of_every_stage(self):
        self.assertGreater(len(self.expected), 1000)
        for stage in STAGES:
            for n in range(2, 9):
                with self.subTest(stage=stage, n=n):
                    self.check("-P", f"{stage}={n}")

    def test_for_every_parallelism_from_1_to_8_of_all_stages_together(self):
        for n in range(1, 9):
            with self.subTest(n=n):
                self.check(*(f"-P{stage}={n}" for stage in STAGES))

    def test_for_small_and_large_batches(self):
        for size in (1, 7, 4096):
            with self.subTest(size=size):
                self.check("--batch-records", str(size), "-Pwords=3", "-Pcount=2")


if __name__ == "__main__":
    unittest.main()
