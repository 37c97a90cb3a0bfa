#!/usr/bin/env python3
"""Every value is a key, and equal keys meet in one instance, whatever they look like."""

import collections
import json
import unittest

from job import JobTest, pipeline

SINK = ("out", "io/file_sink", 'with = { path = "out/", if_exists = "replace" }')


class Keys(JobTest):
    def count(self, rows, fields, key_by, parallelism=5):
        """Counts the rows by key over several instances; {key as JSON: n}."""
        text = "\n".join(json.dumps(row) if isinstance(row, dict) else row for row in rows)
        self.write("in.jsonl", text.encode("utf-8", "surrogatepass"))
        self.write("job.toml", pipeline(
            ("in", "io/file", f'with = {{ path = "in.jsonl", format = "jsonl", fields = {{ {fields} }} }}'),
            ("spread", "record/map", "parallelism = 3"),
            ("count", "agg/count", f"key_by = {json.dumps(key_by)}\nparallelism = {parallelism}"),
            (SINK[0], SINK[1], SINK[2] + f"\nparallelism = {parallelism}"),
        ))  # fmt: skip
        self.run_job("job.toml")
        counts = {}
        for row in self.rows("out"):
            n = row.pop("n")
            key = json.dumps(row, sort_keys=True)
            self.assertNotIn(key, counts, "two rows for one key: it was in two instances")
            counts[key] = n
        return counts

    def check(self, rows, fields, key_by):
        expected = collections.Counter(json.dumps(row, sort_keys=True) for row in rows)
        self.assertEqual(self.count(rows, fields, key_by), expected)

    def test_empty_texts_zeroes_and_false_are_keys(self):
        self.check([{"k": k} for k in ("", "0", "", "false", " ", "")] * 50, 'k = "text"', "k")
        self.check([{"k": k} for k in (0, 1, -1, 0, 2**63 - 1, -(2**63))] * 50, 'k = "int64"', "k")
        self.check([{"k": k} for k in (False, True, False)] * 50, 'k = "bool"', "k")

    def test_texts_with_nul_bytes_are_keys_of_their_own(self):
        keys = ("", "\0", "\0\0", "a", "a\0", "a\0b", "\0a")
        self.check([{"k": k} for k in keys] * 30, 'k = "text"', "k")

    def test_texts_of_all_lengths_around_the_inline_limit_are_keys_of_their_own(self):
        keys = ["x" * n for n in range(40)] + ["x" * 15 + "\0", "x" * 14 + "\0"]
        self.check([{"k": k} for k in keys] * 7, 'k = "text"', "k")

    def test_a_megabyte_of_text_is_a_key(self):
        keys = ["y" * 1_000_000, "y" * 999_999 + "z", "y"]
        self.check([{"k": k} for k in keys] * 4, 'k = "text"', "k")

    def test_invalid_utf8_is_a_key_of_its_own(self):
        self.write("in.txt", b"\xff\n\xfe\n\xff\n\xff\xff\n\n\n")
        self.write("job.toml", pipeline(
            ("in", "io/file", 'with = { path = "in.txt" }'),
            ("count", "agg/count", 'key_by = "line"\nparallelism = 4'),
            SINK,
        ))  # fmt: skip
        self.run_job("job.toml")
        rows = self.rows("out")
        self.assertEqual(sorted(row["n"] for row in rows), [1, 1, 2, 2])
        self.assertEqual([row["n"] for row in rows if row["line"] == ""], [2])

    def test_composite_keys_differ_where_one_part_ends(self):
        pairs = [("a", "bc"), ("ab", "c"), ("abc", ""), ("", "abc"), ("a\0", "bc"), ("a", "\0bc")]
        rows = [{"x": x, "y": y, "z": z} for x, y in pairs for z in (0, 1)] * 10
        self.check(rows, 'x = "text", y = "text", z = "int64"', ["x", "y", "z"])

    def test_numbers_that_are_equal_are_one_key(self):
        lines = ['{"k": 0.0}', '{"k": -0.0}', '{"k": 0.5}', '{"k": 5e-1}', '{"k": 0}'] * 20
        counts = self.count(lines, 'k = "float64"', "k")
        self.assertEqual(counts, {'{"k": 0}': 60, '{"k": 0.5}': 40})

    def test_every_nan_is_one_key_and_minus_zero_is_zero(self):
        # Both zeroes, four ways to what is not a number, of either sign, and a number.
        values = "-0.0, 0/0, 0.0, -(0/0), 1.5, math.huge - math.huge, 0 * -math.huge, -0.0"
        counts = [("0", 3000), ("1.5", 1000), ("null", 4000)]
        for key_by in ("k", ["k", "key"]):
            for stages in (1, 3):
                with self.subTest(key_by=key_by, parallelism=stages):
                    here = f"parallelism = {stages}\n"
                    self.write("job.toml", pipeline(
                        ("in", "io/generator", "with = { count = 8_000, keys = 1 }"),
                        ("k", "record/map", here + f"""[stage.with]
set = {{ k = "({{ {values} }})[1 + seq % 8]" }}
types = {{ k = "float64" }}
keep = ["k", "key"]"""),
                        ("count", "agg/count", here + f"key_by = {json.dumps(key_by)}"),
                        (SINK[0], SINK[1], SINK[2]),
                    ))  # fmt: skip
                    self.run_job("job.toml")
                    rows = sorted((json.dumps(row["k"]), row["n"]) for row in self.rows("out"))
                    self.assertEqual(rows, counts)


if __name__ == "__main__":
    unittest.main()
