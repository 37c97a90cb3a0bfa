#!/usr/bin/env python3
"""Numbers through JSON, Lua, keyed state and back: exact, or the record error that is due."""

import json
import unittest

from job import JobTest, pipeline

LIMIT = 2**63 - 1


class Numbers(JobTest):
    def through(self, kind, values, expression="x", on_error="fail"):
        """The texts that come out for the values, each with a key of its own, and the dead letters."""
        lines = [f'{{"k": "{i}", "x": {value}}}' for i, value in enumerate(values)]
        self.write("in.jsonl", "\n".join(lines))
        fields = f'fields = {{ k = "text", x = "{kind}" }}'
        stages = [
            ("in", "io/file", 'with = { path = "in.jsonl" }'),
            ("parse", "record/parse_json", f'with = {{ {fields} }}\non_error = "{on_error}"'),
            ("map", "record/map", f"with = {{ set = {{ x = '{expression}' }} }}\n"
                                  f'on_error = "{on_error}"'),
            ("sum", "agg/reduce", 'with = { aggregate = { s = "sum(x)", lo = "min(x)", hi = "max(x)"'
                                  ' } }\nkey_by = "k"\nparallelism = 3'),
            ("out", "io/file_sink", 'with = { path = "out/", if_exists = "replace" }'),
        ]  # fmt: skip
        if on_error == "dead_letter":
            stages.append(("bad", "io/file_sink", 'from = ["parse.errors", "map.errors"]\n'
                           'with = { path = "bad/", if_exists = "replace" }'))  # fmt: skip
        self.write("job.toml", pipeline(*stages))
        self.run_job("job.toml")
        results = {}
        for part in (self.folder / "out").glob("part-*"):
            for line in part.read_text().splitlines():
                row = json.loads(line, parse_float=str, parse_int=str)
                self.assertEqual(row["lo"], row["s"])
                self.assertEqual(row["hi"], row["s"])
                results[int(row["k"])] = row["s"]
        letters = self.rows("bad") if on_error == "dead_letter" else []
        return [results.get(i) for i in range(len(values))], letters

    def test_integers_are_exact_up_to_their_limits(self):
        values = ["9007199254740993", "-9007199254740993", "0", str(LIMIT), str(-LIMIT - 1)]
        self.assertEqual(self.through("int64", values)[0], values)

    def test_reals_come_back_as_the_shortest_text_that_means_the_same(self):
        values = ["0.1", "1e300", "5e-324", "1.7976931348623157e308", "-0.0", "123456789.125"]
        out = self.through("float64", values)[0]
        self.assertEqual([float(text) for text in out], [float(text) for text in values])
        self.assertEqual(out[0], "0.1")
        self.assertTrue(out[4].startswith("-0"), out[4])

    def test_what_is_no_integer_is_a_record_error(self):
        values = ["1.0", "1e3", str(LIMIT + 1), str(-LIMIT - 2), '"1"', "true", "null", "7"]
        out, letters = self.through("int64", values, on_error="dead_letter")
        self.assertEqual(out, [None] * 7 + ["7"])
        self.assertEqual(len(letters), 7)
        for letter in letters:
            self.assertEqual(letter["stage"], "parse")
            self.assertIn(letter["code"], ("SAGE-E0501", "SAGE-E0502"))
            self.assertIn("x", letter["message"])

    def test_a_real_beyond_its_range_is_a_record_error(self):
        out, letters = self.through("float64", ["1e400", "-1e400", "1"], on_error="dead_letter")
        self.assertEqual(out[:2], [None, None])
        self.assertEqual(float(out[2]), 1)
        self.assertEqual(len(letters), 2)

    def test_lua_keeps_integers_and_refuses_to_lose_digits(self):
        out, _ = self.through("int64", ["9007199254740993"], "x + 1")
        self.assertEqual(out, ["9007199254740994"])
        out, letters = self.through("int64", ["3", "4"], "x / 2", on_error="dead_letter")
        self.assertEqual(out, [None, "2"])
        self.assertEqual([letter["stage"] for letter in letters], ["map"])

    def test_a_sum_that_overflows_is_a_record_error(self):
        self.write("in.jsonl", f'{{"x": {LIMIT}}}\n{{"x": 1}}\n{{"x": -1}}\n')
        self.write("job.toml", pipeline(
            ("in", "io/file", 'with = { path = "in.jsonl", format = "jsonl", fields = { x = "int64" } }'),
            ("sum", "agg/reduce", 'with = { aggregate = { s = "sum(x)", n = "count()" } }\non_error = "skip"'),
            ("out", "io/file_sink", 'with = { path = "out/" }'),
        ))  # fmt: skip
        report = self.run_job("job.toml")
        self.assertEqual(self.rows("out"), [{"s": LIMIT - 1, "n": 2}])
        self.assertEqual(self.stage(report, "sum")["skipped"], 1)


if __name__ == "__main__":
    unittest.main()
