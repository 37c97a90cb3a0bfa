#!/usr/bin/env python3
"""The pipelines of configs/ do what they say, in one instance or in many, with the same rows."""

import unittest

from job import PIPELINES, JobTest


class Pipelines(JobTest):
    def test_their_own_tests_pass(self):
        for file in sorted(PIPELINES.glob("*.toml")):
            with self.subTest(file.name):
                self.sage("lint", "--deny-warnings", file, code=0)
                self.assertIn(" passed, 0 failed\n", self.sage("test", file, code=0).err)

    def test_sessions_give_the_same_rows_and_dead_letters_in_every_shape(self):
        self.environment.update(EVENTS="10000", OUT="sessions/", REJECTED="rejected/")
        expected = None
        for shape in (1, 3, 8):
            with self.subTest(shape):
                stages = [f"-P{s}={shape}" for s in ("events", "clicks", "sessions")]
                report = self.run_job(PIPELINES / "sessions.toml", *stages)
                self.assertEqual(self.stage(report, "clicks")["dead_lettered"], 100)
                self.assertEqual(len(self.rows("rejected")), 100)
                rows = self.sorted_rows("sessions")
                self.assertEqual(sum(row["pages"] for row in rows), 9_900)
                expected = expected or rows
                self.assertEqual(rows, expected)

    def test_union_gives_the_same_rows_in_every_shape(self):
        self.environment.update(OUT="totals/")
        expected = None
        for shape in (1, 2, 5):
            with self.subTest(shape):
                self.run_job(PIPELINES / "union.toml", f"-Peast={shape}", f"-Ptotals={shape}")
                rows = self.sorted_rows("totals")
                self.assertEqual(sum(row["n"] for row in rows), 8_000)
                expected = expected or rows
                self.assertEqual(rows, expected)


if __name__ == "__main__":
    unittest.main()
