#!/usr/bin/env python3
"""Records with members of all types, and streams of bare values."""

import json
import struct
import unittest

from program import PROGRAMS, ProgramTest, pipeline, sort

FIELDS = ("flag", "n", "x", "text", "data", "at", "names", "ints", "reals", "floats")
LIBRARY = str(PROGRAMS / "libkinds.so")


VALUES = [
    (False, 0, 0, "", "", "07", [], [], [], []),
    (True, 2**63 - 1, 1.5, "Ab cd", "AQID", "07.250", ["a"], [1, -1], [0.5], [0.25, 2]),
    (True, -(2**63) + 1, -0.75, "äö", "/w==", "08.000000001", ["", "x y", ""], [2**62], [1e300, 3], [1.5]),
    (False, 7, 1e-3, "q\u0000r s", "AAA=", "09", ["é"] * 9, [0] * 5, [0.1], [1e30]),
]  # fmt: skip
ROWS = [dict(zip(FIELDS, row)) | {"at": f"2026-03-04T05:06:{row[5]}Z"} for row in VALUES]


def f32(x):
    return struct.unpack("f", struct.pack("f", x))[0]


class Kinds(ProgramTest):
    def setUp(self):
        super().setUp()
        self.table("in.jsonl", ROWS)

    def values(self, folder):
        return sort(row["value"] for row in self.rows(folder))

    def check_values(self, folder, expected):
        rows = self.rows(folder)
        self.assertEqual({tuple(row) for row in rows}, {("value",)})
        self.assertEqual(sort(row["value"] for row in rows), sort(expected))

    def test_members_of_all_types_are_read_and_written(self):
        self.sage("run", LIBRARY, code=0)
        expected = []
        for row in ROWS:
            second = row["at"][17:-1].partition(".")
            expected.append({
                "flag": not row["flag"], "n": -row["n"], "x": row["x"] / 2,
                "text": row["text"].encode()[::-1].decode(errors="replace"),
                "data": {"": "", "AQID": "AwIB", "/w==": "/w==", "AAA=": "AAA="}[row["data"]],
                "at": f"{row['at'][:17]}{int(second[0]) + 1:02}{second[1]}{second[2]}Z",
                "names": row["names"][::-1], "ints": row["ints"][::-1], "reals": row["reals"][::-1],
                "floats": [f32(x) for x in row["floats"][::-1]],
            })  # fmt: skip
        rows = self.rows("all")
        for row in rows:
            self.assertEqual(tuple(row), FIELDS)
            row["floats"] = [f32(x) for x in row["floats"]]
        self.assertEqual(sort(rows), sort(expected))

    def test_bare_values_are_records_with_the_field_value(self):
        self.sage("run", LIBRARY, code=0)
        sizes = [len(row["text"].encode()) for row in ROWS]
        self.check_values("texts", [row["text"] for row in ROWS])
        self.check_values("sizes", sizes)
        self.check_values("halves", [n // 2 if n % 2 == 0 else n / 2 for n in sizes])
        self.check_values("large", [n / 2 > 1 for n in sizes])
        self.check_values("data", [row["data"] for row in ROWS])
        self.check_values("times", [row["at"] for row in ROWS])
        self.check_values("names", [row["names"] for row in ROWS])
        floats = [[f32(x) for x in value] for value in self.values("floats")]
        self.assertEqual(sort(floats), sort([f32(x) for x in row["floats"]] for row in ROWS))

    def test_an_operator_of_a_plugin_takes_and_gives_structs(self):
        self.sage("run", LIBRARY, code=0)
        words = [w.lower() for row in ROWS for w in row["text"].split()]
        self.assertEqual(self.sorted_rows("words"), sort({"word": w} for w in words))

    def test_a_struct_may_name_some_of_the_fields_in_another_order(self):
        self.sage("run", LIBRARY, code=0)
        self.write("twin.toml", pipeline(
            ("in", "io/generator", "with = { count = 100, keys = 3 }"),
            ("filter", "record/filter", 'with = { where = "value > 0.5" }'),
            ("out", "io/file_sink", 'with = { path = "twin/" }'),
        ))  # fmt: skip
        self.sage("run", "twin.toml", code=0)
        self.assertGreater(len(self.rows("twin")), 20)
        named = [{"value": row["value"], "key": row["key"]} for row in self.rows("twin")]
        self.assertEqual(self.sorted_rows("some"), sort(named))  # a sink writes the members

    def test_schema_tells_the_fields_of_a_stage(self):
        done = self.sage("schema", LIBRARY, "--stage", "turned", "-o", "json", code=0)
        types = ("bool", "int64", "float64", "text", "data", "timestamp", "list<text>",
                 "list<int64>", "list<float64>", "list<float32>")  # fmt: skip
        self.assertEqual([(f["name"], f["type"]) for f in done.json["fields"]], list(zip(FIELDS, types)))
        capnp = self.sage("schema", LIBRARY, "--stage", "map", "--capnp", code=0).out
        self.assertIn("value @0 :Text;", capnp)
        self.sage("schema", LIBRARY, "--stage", "nowhere", code=4)


class Waiting(ProgramTest):
    def test_a_source_that_waits_gives_each_value_on_and_can_be_stopped(self):
        done = self.sage("run", str(PROGRAMS / "libwaits.so"), "-q", "--for", "1s", code=0)
        self.assertRegex(done.out, r'\A\{"value":1\}\n')


if __name__ == "__main__":
    unittest.main()
