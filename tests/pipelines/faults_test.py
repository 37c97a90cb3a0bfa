#!/usr/bin/env python3
"""Functions of a program that throw: what becomes of the record, the state and the job."""

import collections
import json
import unittest

from program import PROGRAMS, ProgramTest, sort

LIBRARY = str(PROGRAMS / "libfaults.so")
NUMBERS = [1, 2, -1, 3, -2, 4, -3, 5, 99, 6]
MESSAGES = {-1: "it is minus one", -2: "it is minus two", -3: "an exception of unknown type"}


class Faults(ProgramTest):
    def setUp(self):
        super().setUp()
        self.events = [{"user": f"u{user}", "n": n} for n in NUMBERS for user in range(5)]
        self.table("in.jsonl", self.events)

    def test_a_call_that_throws_leaves_keyed_state_as_it_was(self):
        expected, seen, last = [], collections.defaultdict(list), collections.defaultdict(str)
        for event in self.events:
            user, n = event["user"], event["n"]
            if n < 0:
                continue
            seen[user].append(n)
            numbers = "".join(f"{x}," for x in seen[user]) + str(len(seen[user]))
            expected.append(
                {"user": user, "count": 2 * len(seen[user]), "numbers": numbers, "last": last[user]})
            last[user] = str(n)
        for n in (1, 4, 8):
            with self.subTest(parallelism=n):
                self.sage("run", LIBRARY, "-P", f"remember={n}", code=0)
                self.assertEqual(self.sorted_rows("seen"), sort(expected))

    def test_a_value_that_cannot_be_saved_leaves_the_others_as_they_were(self):
        self.table("in.jsonl", [{"user": "u", "n": n} for n in (1, -5, 2)])
        self.sage("run", LIBRARY, code=0)
        self.assertEqual(
            sort(self.rows("seen")),
            sort([{"user": "u", "count": 2, "numbers": "1,1", "last": ""},
                  {"user": "u", "count": 4, "numbers": "1,2,2", "last": "1"}]))  # fmt: skip
        (letter,) = self.rows("letters")
        self.assertIn("16 MiB", letter["message"])

    def test_a_sink_that_cannot_keep_what_it_took_fails_the_job(self):
        self.table("in.jsonl", [*self.events, {"user": "u", "n": -6}])
        done = self.sage("run", LIBRARY, code=1)
        self.assertIn("minus six cannot be kept", done.err)
        self.assertEqual(self.rows("seen"), [])

    def test_what_is_thrown_is_in_the_dead_letter(self):
        stages = self.report(LIBRARY)
        self.assertEqual(stages["remember"]["dead_lettered"], 15)
        letters = self.rows("letters")
        told = collections.Counter((l["stage"], l["message"], l["record"]) for l in letters)
        self.assertEqual(told, collections.Counter(
            ("remember", MESSAGES[e["n"]], json.dumps(e, separators=(",", ":")))
            for e in self.events if e["n"] < 0))  # fmt: skip

    def test_every_kind_of_function_may_throw(self):
        stages = self.report(LIBRARY)
        fine = [event for event in self.events if event["n"] > 0]
        # What a call has collected before it throws does not come out.
        self.assertEqual(self.sorted_rows("doubled"), sort(fine * 2))
        self.assertEqual(self.sorted_rows("filtered"), sort(e for e in fine if e["n"] != 1))
        self.assertEqual(stages["twice"]["skipped"], 15)
        self.assertEqual((stages["filter"]["skipped"], stages["filter"]["filtered"]), (15, 5))
        self.assertEqual(stages["last"]["skipped"], 15)

    def test_an_instance_that_there_is_not_is_an_error_of_the_record(self):
        self.report(LIBRARY)
        fine = [event for event in self.events if event["n"] > 0 and event["n"] != 99]
        self.assertEqual(self.sorted_rows("partitioned"), sort(fine))
        done = self.sage("run", LIBRARY, "--set", "parted.on_error=fail", code=1)
        self.assertIn("parted", done.err)

    def test_without_on_error_the_job_fails_and_names_the_record(self):
        done = self.sage("run", LIBRARY, "--set", "twice.on_error=fail", code=1)
        self.assert_explained(done, "E0601")
        self.assertIn("it is minus one", done.err)
        self.assertRegex(done.err, r'"n":-1\b')
        self.assertEqual(self.rows("doubled"), [])

    def test_a_failure_ends_the_job_whatever_on_error_says(self):
        self.table("in.jsonl", [*self.events, {"user": "u1", "n": -4}])
        done = self.sage("run", LIBRARY, code=1)
        self.assertIn("it is minus four", done.err)
        self.assertEqual(self.rows("seen"), [])


if __name__ == "__main__":
    unittest.main()
