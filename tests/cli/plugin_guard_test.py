#!/usr/bin/env python3
"""Plugins where the machine, its users or the parent process do not play along."""

import os
import shutil
import signal
import unittest

from shell import NUMBERS, TOYS, SageTest


class Guard(SageTest):
    def test_a_parent_that_ignores_its_children_changes_nothing(self):
        def ignore():
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)

        listed = self.sage("plugin", "list", "-o", "json", env={"SAGE_CACHE_DIR": "fresh"}, code=0, preexec_fn=ignore)
        self.assertIn("io", [plugin["id"] for plugin in listed.json["plugins"]])

    def test_a_large_file_that_is_no_library_is_not_read(self):
        (self.folder / "plugins").mkdir()
        with (self.folder / "plugins/zeros.so").open("w") as file:
            file.truncate(1 << 30)
        limit = "" if "ASAN_OPTIONS" in self.environment else "ulimit -v 1000000;"
        listed = self.bash(f"{limit} sage plugin list --plugins plugins -o json").json
        self.assertEqual([refusal["code"] for refusal in listed["refused"]], ["SAGE-E0304"])

    def test_a_copy_that_was_cut_is_made_again(self):
        self.write("p.toml", NUMBERS)
        env = {"SAGE_CACHE_DIR": str(self.folder / "own")}
        self.sage("run", "p.toml", "-q", env=env, code=0)
        copies = list((self.folder / "own").glob("*.so"))
        for size in (0, 4096):
            for copy in copies:
                copy.chmod(0o700)
                os.truncate(copy, size)
            self.sage("run", "p.toml", "-q", env=env, code=0)

    def test_what_is_a_month_old_in_the_cache_goes_when_something_new_comes(self):
        self.write("p.toml", NUMBERS)
        cache = self.folder / "own"
        env = {"SAGE_CACHE_DIR": str(cache)}
        self.sage("run", "p.toml", "-q", env=env, code=0)
        self.write("own/old.so", "")
        os.utime(cache / "old.so", (0, 0))
        self.sage("run", "p.toml", "-q", env=env, code=0)
        self.assertTrue((cache / "old.so").exists())
        self.sage("plugin", "why", str(TOYS / "ok.so"), env=env, code=0)
        self.assertFalse((cache / "old.so").exists())
        self.sage("run", "p.toml", "-q", env=env, code=0)

    def test_why_names_the_file_that_is_meant_instead(self):
        for folder, version in (("one", "1.2.9"), ("two", "1.10.0")):
            (self.folder / folder).mkdir()
            shutil.copyfile(TOYS / f"ok_{version}.so", self.folder / folder / "toy.so")
        flags = ("--plugins", "one", "--plugins", "two")
        self.assertNotIn("but", self.sage("plugin", "why", "one/toy.so", *flags, code=0).out)
        hidden = self.sage("plugin", "why", "two/toy.so", *flags, code=0).out
        self.assertIn("one/toy.so (1.2.9), which is found first", hidden)
        self.assertIn("`toy@1.10.0/OPERATOR`", hidden)

    def test_a_folder_that_is_refused_is_said_wherever_plugins_are_used(self):
        (self.folder / "open").mkdir()
        (self.folder / "open").chmod(0o777)
        self.write("p.toml", NUMBERS)
        self.assertRegex(self.sage("run", "p.toml", "--plugins", "open", code=0).err, "warning: SAGE-E0314: .*/open: ")

    def test_a_file_that_everybody_may_exchange_is_not_taken_by_its_name_either(self):
        (self.folder / "open").mkdir()
        shutil.copyfile(TOYS / "ok.so", self.folder / "open/ok.so")
        (self.folder / "open").chmod(0o777)
        for verb in (("plugin", "why"), ("plugin", "test"), ("run",)):
            done = self.sage(*verb, "open/ok.so")
            self.assertIn("E0314", done.out + done.err, verb)
            self.assertNotEqual(done.code, 0)
        (self.folder / "open").chmod(0o1777)  # nobody else can exchange it there
        self.assertNotIn("E0314", self.sage("plugin", "why", "open/ok.so").out)


if __name__ == "__main__":
    unittest.main()
