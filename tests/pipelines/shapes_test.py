#!/usr/bin/env python3
"""The ways in which streams of a program begin, end, part and meet."""

import collections
import unittest

from program import PROGRAMS, ProgramTest, sort

LIBRARY = str(PROGRAMS / "libshapes.so")
NUMBERS, HUNDRED = range(1000), range(100)
BOTH = [*NUMBERS, *HUNDRED]


class Shapes(ProgramTest):
    def test_a_source_function_shares_its_work_among_instances(self):
        stages = self.report(LIBRARY)
        moved = [{"n": n + 5, "group": n % 10} for n in BOTH]  # and a lambda has what it captured
        self.assertEqual(self.sorted_rows("moved"), sort(moved))
        out = [i["records_out"] for i in stages["numbers"]["instances"]]
        self.assertEqual(out, [334, 333, 333])

    def test_a_process_function_has_a_last_word(self):
        sums = collections.Counter()
        for n in BOTH:
            sums[n % 10] += n
        expected = sort({"n": total, "group": group} for group, total in sums.items())
        for n in (1, 4, 8):
            self.sage("run", LIBRARY, "-P", f"sums-of={n}", code=0)
            self.assertEqual(self.sorted_rows("sums"), expected)

    def check_key(self, folder, stage, key):
        """Counted in order, without a gap, for each key: whatever the parallelism."""
        seen, expected = collections.Counter(), []
        for n in BOTH:
            seen[key(n)] += 1
            expected.append({"key": key(n), "count": seen[key(n)]})
        for n in (1, 4, 8):
            with self.subTest(folder=folder, parallelism=n):
                self.sage("run", LIBRARY, "-P", f"{stage}={n}", code=0)
                self.assertEqual(self.sorted_rows(folder), sort(expected))

    def test_key_by_a_function_that_gives_a_text(self):
        self.check_key("by_text", "text", lambda n: f"{n % 7}!")

    def test_key_by_a_function_that_gives_an_integer(self):
        self.check_key("by_integer", "integer", lambda n: str(n % 5))

    def test_key_by_a_function_that_gives_a_bool(self):
        self.check_key("by_boolean", "boolean", lambda n: str(int(n % 3 == 0)))

    def test_a_filter_has_keyed_state(self):
        for n in (1, 4, 8):
            self.sage("run", LIBRARY, "-P", f"first={n}", "-P", "numbers=1", code=0)
            self.assertEqual(self.sorted_rows("firsts"), sort({"n": n, "group": n % 10} for n in range(30)))

    def test_the_field_of_a_computed_key_does_not_reach_a_sink(self):
        self.sage("run", LIBRARY, code=0)
        self.assertEqual(self.rows("kept"), [{"n": n, "group": n} for n in range(10)])
        self.assertEqual(
            self.sorted_rows("claimed"), sort({"tag": "t", "count": n % 10 + 1} for n in range(100)))
        self.assertEqual(self.sorted_rows("straight"), sort({"n": n, "group": n % 10} for n in range(100)))

    def test_each_instance_has_a_copy_of_the_object(self):
        stages = self.report(LIBRARY)
        rows = self.rows("tags")
        self.assertEqual({row["tag"] for row in rows}, {"tag!"})
        for instance, records in enumerate(self.inputs(stages["tagged"])):
            self.assertGreater(records, 0)
            calls = [row["calls"] for row in rows if row["instance"] == instance]
            self.assertEqual(sorted(calls), list(range(1, records + 1)))

    def test_sinks_of_the_program_get_every_value_and_are_closed(self):
        self.sage("run", LIBRARY, code=0)
        texts = [(self.folder / f"to_file{i}.txt").read_text() for i in range(2)]
        for text in texts:
            self.assertEqual(text[-7:], "closed\n")
            self.assertGreater(len(text), 7)
        written = "".join(text[:-7] for text in texts).split()
        self.assertEqual(sorted(map(int, written)), list(HUNDRED))
        self.assertEqual((self.folder / "seen.txt").read_text(), "".join(f"{n}\n" for n in HUNDRED))

    def test_the_graph_as_a_file_gives_the_same_rows(self):
        folders = ("moved", "sums", "by_text", "by_integer", "by_boolean", "kept")
        self.sage("run", LIBRARY, code=0)
        expected = {folder: self.sorted_rows(folder) for folder in folders}
        graph = self.sage("graph", LIBRARY, "--toml", code=0).out
        self.assertIn('use = "shapes/sink"', graph)
        self.write("other/job.toml", graph)
        done = self.sage("run", "other/job.toml", code=78)
        self.assert_explained(done, "E0301")
        (self.folder / "seen.txt").unlink()
        self.sage("run", "other/job.toml", "--plugins", str(PROGRAMS), code=0)
        self.assertEqual({folder: self.sorted_rows(folder) for folder in folders}, expected)
        again = self.sage("graph", "other/job.toml", "--toml", "--plugins", str(PROGRAMS), code=0).out
        self.assertEqual(again, graph)

    def test_lint_and_run_check_what_is_set(self):
        self.assertEqual(self.sage("lint", LIBRARY, code=0).err, f"{LIBRARY}: ok\n")
        done = self.sage("run", LIBRARY, "-P", "nowhere=2", code=2)
        self.assertIn("nowhere", done.err)
        done = self.sage("run", LIBRARY, "--set", "kept.with.no_option=1", code=78)
        self.assertIn("no_option", done.err)

    def test_set_changes_an_option(self):
        self.sage("run", LIBRARY, "--set", "moved.with.path=elsewhere", code=0)
        self.assertEqual(len(self.rows("elsewhere")), len(BOTH))
        self.assertEqual(self.rows("moved"), [])


if __name__ == "__main__":
    unittest.main()
