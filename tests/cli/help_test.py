#!/usr/bin/env python3
"""Help teaches: what the command does, how it is called, its flags with defaults, an example."""

import re
import unittest

from shell import SageTest

VERBS = (
    "demo", "run", "lint", "test", "graph", "schema", "explain", "plugin list", "plugin inspect",
    "plugin new", "plugin test", "plugin why", "version",
)  # fmt: skip


class Help(SageTest):
    def help(self, *words):
        done = self.sage(*words, "--help", code=0)
        self.assertEqual(done.err, "")
        self.assertLess(max(map(len, done.out.splitlines())), 120)
        return done.out

    def test_the_program_lists_the_commands_that_there_are_and_no_other(self):
        text = self.help()
        self.assertEqual(self.sage("-h", code=0).out, text)
        table = text.split("Commands\n")[1].split("\n\n")[0]
        listed = [re.match(r"  (?:[A-Z]+ +| +)([a-z]+( [a-z]+)?)  ", row)[1] for row in table.splitlines()]
        self.assertCountEqual(listed, VERBS)
        for planned in ("cluster", "submit", "checkpoint", "completion", "doctor", "--linger"):
            self.assertNotIn(planned, text)
        for code in ("0 ok", "1 ran and failed", "2 bad usage", "4 not found", "74 ", "78 "):
            self.assertIn(code, text)
        self.assertIn("SAGE_PLUGIN_PATH", text)

    def test_every_command_teaches(self):
        for verb in VERBS:
            with self.subTest(verb):
                text = self.help(*verb.split())
                usage, empty, summary, *_ = text.splitlines()
                self.assertTrue(usage.startswith(f"Usage: sage {verb}"))
                self.assertEqual(empty, "")
                self.assertTrue(summary[0].isupper() and summary.endswith("."), summary)
                self.assertRegex(text, rf"(?m)^  (.*; )?(\w+=\S+ )*sage {verb}\b")  # an example
                self.assertIn("Flags of every command\n", text)
                for flag in ("--output", "--plugins", "--quiet", "--verbose", "--color"):
                    self.assertIn(flag, text)

    def test_every_flag_of_run_is_there_with_its_meaning_and_default(self):
        text = self.help("run")
        for flag in ("--set", "-P", "--limit", "--for", "--batch-records", "--report"):
            self.assertRegex(text, rf"(?m)^  {flag} \S.*  \w")
        self.assertIn("(4096)", text)

    def test_help_wins_over_everything_else_on_the_line(self):
        self.assertEqual(self.sage("run", "--help", "nix", code=0).out, self.help("run"))
        self.assertEqual(self.sage("run", "nix.toml", "-h", code=0).out, self.help("run"))

    def test_help_as_a_word_is_the_flag(self):
        self.assertEqual(self.sage("help", code=0).out, self.help())
        for verb in ("run", "plugin", "plugin list"):
            done = self.sage("help", *verb.split(), code=0)
            self.assertEqual(done.out, self.help(*verb.split()))
        self.assertEqual(self.sage("help", "run", "p.toml", "-q", code=0).out, self.help("run"))
        self.assert_explained(self.sage("help", "rnu", code=2), "E0801")
        self.assert_explained(self.sage("help", "plugin", "lsit", code=2), "E0801")

    def test_a_group_of_commands_has_help(self):
        text = self.help("plugin")
        for verb in ("plugin list", "plugin inspect", "plugin why"):
            self.assertIn(verb, text)


if __name__ == "__main__":
    unittest.main()
