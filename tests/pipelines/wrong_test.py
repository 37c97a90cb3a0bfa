#!/usr/bin/env python3
"""Programs that describe what cannot be run: each has a code, a reason and an exit code."""

import unittest

from program import EXAMPLES, PROGRAMS, ProgramTest

LIBRARY = str(PROGRAMS / "libwrong.so")
NO_PIPELINE = {
    "throw": "no luck today",
    "throw 3": "an exception of unknown type",
    "duplicate": "two stages have the id 'out'",
    "hidden": "key_by() takes members that SAGE_RECORD names",
    "union": "key_by() and partition_custom() are followed by a stage",
    "errors": "errors() is asked of the stage itself, not of a union",
    "partition options": "partition_custom() takes a parallelism; other options are for the stage behind it",
    "bytes": "a text in it, such as a path, is not UTF-8",
    "parallelism": "partition_custom() gives the next stage 2 instances, not 3",
}
# What is wrong in a pipeline file is wrong here, too: with the line of the graph.
LIKE_A_FILE = {
    "empty": ("E0123", "no stages"),
    "unread": ("E0207", "nowhere"),
    "operator": ("E0302", "did you mean `map`?"),
    "fields": ("E0407", "the input has no field 'n'"),
    "id": ("E0115", "No Id"),
}


class Wrong(ProgramTest):
    def wrong(self, how, *command):
        # The library is the same, and what was learnt of it: only the pipeline of a program is asked
        # for each time.
        return self.sage(*command, LIBRARY, env={"WRONG": how}, code=78)

    def test_a_program_that_throws_describes_no_pipeline(self):
        for how, reason in NO_PIPELINE.items():
            for command in ("run", "lint", "graph"):
                with self.subTest(how=how, command=command):
                    done = self.wrong(how, command)
                    self.assert_explained(done, "E0811", rf"{LIBRARY}:1:1")
                    self.assertIn(reason, done.err)
                    self.assertEqual(done.out, "")

    def test_a_pipeline_that_is_wrong_is_so_as_in_a_file(self):
        for how, (code, reason) in LIKE_A_FILE.items():
            for command in ("run", "lint"):
                with self.subTest(how=how, command=command):
                    done = self.wrong(how, command)
                    self.assert_explained(done, code, rf"{LIBRARY}:\d+:\d+")
                    self.assertIn(reason, done.err)

    def test_a_program_that_describes_another_pipeline_each_time_is_refused(self):
        done = self.wrong("differs", "run")
        self.assert_explained(done, "E0327")
        self.assertEqual(done.out, "")
        done = self.wrong("throw later", "run")
        self.assert_explained(done, "E0327")
        self.assertIn("not where it is run", done.err)

    def test_a_plugin_and_other_files_are_no_programs(self):
        plugin = str(EXAMPLES.parent.parent / "plugins/text.so")
        self.assert_explained(self.sage("run", plugin, code=78), "E0810")
        self.write("none.so", "nonsense")
        self.assertIn("none.so", self.sage("run", "none.so", code=78).err)
        self.assertIn("gone.so", self.sage("run", "gone.so", code=74).err)
        (self.folder / "folder.so").mkdir()
        self.sage("run", "folder.so", code=74)


if __name__ == "__main__":
    unittest.main()
