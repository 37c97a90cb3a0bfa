#!/usr/bin/env python3
"""Plugin files: where they are searched, which one wins, and why one is refused."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import unittest

from shell import BUILD, NUMBERS, PROBE, TOYS, SageTest

PROBE_FILE = PROBE / "probe.so"
HANG_LIMIT_S = 5  # of one look at a plugin


class Search(SageTest):
    def put(self, toy, place):
        """A copy of a toy plugin at a place in the folder."""
        target = self.folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(PROBE_FILE if toy == "probe" else TOYS / f"{toy}.so", target)
        return str(target)

    def plugins(self, *flags, **options):
        document = self.sage("plugin", "list", "-o", "json", *flags, code=0, **options).json
        return {(p["id"], p["version"]): p["file"] for p in document["plugins"]}

    def setUp(self):
        super().setUp()
        del self.environment["SAGE_PLUGIN_PATH"]

    def test_the_plugins_in_the_box_are_found_beside_the_program(self):
        files = self.plugins()
        self.assertEqual(files["text", "1.0.0"], str(BUILD / "plugins/text.so"))
        self.assertNotIn(("probe", "1.0.0"), files)

    def test_flags_come_before_the_variable_and_that_before_the_folder_of_the_pipeline(self):
        flag = self.put("probe", "flag/a.so")
        variable = self.put("probe", "variable/b.so")
        beside = self.put("probe", "jobs/plugins/c.so")
        self.write("jobs/p.toml", NUMBERS)
        self.environment["SAGE_PLUGIN_PATH"] = f"{self.folder}/empty:{self.folder}/variable"
        everything = self.sage("lint", "jobs/p.toml", "--plugins", "flag", code=0)
        self.assertIn(f"{flag} (1.0.0) hides {variable} (1.0.0)", everything.err)
        self.assertIn(f"{flag} (1.0.0) hides {beside} (1.0.0)", everything.err)
        self.assertEqual(self.plugins("--plugins", "flag")["probe", "1.0.0"], flag)
        self.assertEqual(self.plugins()["probe", "1.0.0"], variable)
        done = self.sage("lint", "jobs/p.toml", code=0)
        self.assertIn(f"{variable} (1.0.0) hides {beside}", done.err)
        del self.environment["SAGE_PLUGIN_PATH"]
        self.assertEqual(self.sage("run", "jobs/p.toml", "-q", code=0).err, "")
        self.assertEqual(self.sage("run", "p.toml", "-q", code=0, cwd=self.folder / "jobs").err, "")

    def test_several_folders_may_be_named(self):
        first = self.put("ok", "one/ok.so")
        second = self.put("other", "two/other.so")
        files = self.plugins("--plugins", "one", "--plugins", "two").values()
        self.assertLessEqual({first, second}, set(files))
        self.assertLessEqual({first, second}, set(self.plugins(env={"SAGE_PLUGIN_PATH": "one:two"}).values()))

    def test_one_folder_named_twice_is_no_conflict(self):
        self.put("probe", "one/probe.so")
        (self.folder / "link").symlink_to("one")
        done = self.sage("plugin", "list", "--plugins", "one", "--plugins", "./one/", "--plugins", "link")
        self.assertNotIn("hides", done.err)

    def test_without_a_pin_the_winning_folder_decides_with_a_pin_any(self):
        self.put("ok_1.2.0", "one/a.so")
        self.put("ok_1.10.0", "one/b.so")
        self.put("ok_2.0.0", "two/c.so")
        flags = ("--plugins", "one", "--plugins", "two", "-o", "json")
        version = {
            name: self.sage("plugin", "inspect", name, *flags, code=0).json["version"]
            for name in ("toy", "toy@1", "toy@1.2", "toy@1.2.0", "toy@2")
        }
        want = {
            "toy": "1.10.0", "toy@1": "1.10.0", "toy@1.2": "1.2.0", "toy@1.2.0": "1.2.0",
            "toy@2": "2.0.0",
        }  # fmt: skip
        self.assertEqual(version, want)
        done = self.sage("plugin", "inspect", "toy@3", *flags, code=4)
        self.assertIn("1.10.0", done.json["errors"][0]["hint"])

    def test_a_folder_that_is_named_and_not_there_is_said(self):
        done = self.sage("plugin", "list", "--plugins", "nix", code=0)
        self.assertIn("warning: --plugins nix: there is no such folder\n", done.err)
        self.assertEqual(self.sage("plugin", "list", env={"SAGE_PLUGIN_PATH": "nix:"}).err.count("warning"), 0)

    def test_folders_that_everybody_may_write_are_refused(self):
        self.put("probe", "open/probe.so")
        (self.folder / "open").chmod(0o777)
        self.write("p.toml", NUMBERS)
        self.sage("run", "p.toml", "--plugins", "open", code=78)
        document = self.sage("plugin", "list", "--plugins", "open", "-o", "json", code=0).json
        refused = {r["file"]: r["code"] for r in document["refused"]}
        self.assertEqual(refused[str(self.folder / "open")], "SAGE-E0314")

    def test_files_that_everybody_may_write_are_refused(self):
        file = self.put("probe", "plugins/probe.so")
        os.chmod(file, 0o666)
        document = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0).json
        self.assertIn({"file": file, "code": "SAGE-E0314"},
                      [{k: r[k] for k in ("file", "code")} for r in document["refused"]])  # fmt: skip
        done = self.sage("plugin", "why", file, code=1)
        self.assertIn("chmod o-w", done.out)

    def test_what_is_no_regular_file_is_refused_for_what_it_is_and_never_opened(self):
        self.put("probe", "plugins/probe.so")
        self.write("plugins/README.md", "text")
        folder = self.folder / "plugins"
        (folder / "directory.so").mkdir()
        os.mkfifo(folder / "fifo.so")  # opening it would wait for ever
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(folder / "socket.so"))
        (folder / "link.so").symlink_to(PROBE_FILE)
        (folder / "dangling.so").symlink_to("nix.so")
        (folder / "loop.so").symlink_to("loop.so")
        says = {
            "directory": "is a directory", "fifo": "is a FIFO", "socket": "is a socket",
            "link": "symbolic links are not followed", "dangling": "leads to no file",
            "loop": "leads to no file",
        }  # fmt: skip
        document = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0).json
        self.assertIn(str(folder / "probe.so"), [p["file"] for p in document["plugins"]])
        refused = {pathlib.Path(r["file"]).stem: r for r in document["refused"]}
        self.assertEqual(refused.keys(), says.keys())
        shown = self.sage("plugin", "list", "--plugins", "plugins", code=0).err
        for name, reason in says.items():
            with self.subTest(name):
                self.assertEqual(refused[name]["code"], "SAGE-E0319")
                self.assertIn(reason, refused[name]["reason"])
                self.assertIn(f"{name}.so: {refused[name]['reason']} (SAGE-E0319)", shown)
                code = 74 if name == "directory" else 1
                done = self.sage("plugin", "why", f"plugins/{name}.so", code=code)
                self.assertIn(refused[name]["reason"], done.out + done.err)
                self.assertIn("SAGE-E0319", done.out + done.err)

    def test_why_says_what_a_file_is_that_is_no_library_or_not_there(self):
        for name, content in (("passwd", "root:x:0:0:root:/root:/bin/bash\n"), ("lib.so", "")):
            done = self.sage("plugin", "why", self.write(name, content), code=1)
            self.assertIn(f"{name}: refused (SAGE-E0304)\n  why  is not an ELF file", done.out)
            self.assertNotIn("ends in .so", done.out)
        for name in ("nix", "nix.so"):
            done = self.sage("plugin", "why", name, code=74)
            self.assert_explained(done, "E0701")
            self.assertIn(f"there is no file `{name}`", done.err)

    def test_a_plugin_that_is_not_there_says_where_to_look(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("run", "p.toml", code=78)
        self.assert_explained(done, "E0301", r"p\.toml:7:8")

    def test_a_refused_file_is_named_where_its_plugin_is_missed(self):
        file = self.write("plugins/probe.so", "no plugin")
        self.write("p.toml", NUMBERS)
        done = self.sage("lint", "p.toml", code=78)
        self.assertIn(f"{self.folder}/{file} was refused", done.err)

    def test_why_says_what_keeps_a_good_file_from_being_used(self):
        winner = self.put("probe", "one/probe.so")
        hidden = self.put("probe", "two/probe.so")
        done = self.sage("plugin", "why", hidden, code=0)
        self.assertIn("its folder is not searched", done.out)
        flags = ("--plugins", "one", "--plugins", "two")
        done = self.sage("plugin", "why", hidden, *flags, code=0)
        self.assertIn(f"hidden by {winner}", done.out)
        self.assertNotIn("but", self.sage("plugin", "why", winner, *flags, code=0).out)


class Refused(SageTest):
    """Every kind of wrong file: its reason is named, and the others go on working."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        probe = PROBE_FILE.read_bytes()
        other_machine = bytearray(probe)
        other_machine[18:20] = (183).to_bytes(2, "little")  # e_machine: AArch64
        half = bytearray(probe)
        half[4] = 1  # 32 bit
        cls.made = {
            "text": (b"int main(void) { return 0; }\n", "E0304"),
            "empty": (b"", "E0304"),
            "short": (probe[:40], "E0306"),
            "torn": (probe[: len(probe) // 2], "E0306"),
            "arm": (bytes(other_machine), "E0305"),
            "half": (bytes(half), "E0305"),
            "zeros": (bytes(5000), "E0304"),
            "program": (pathlib.Path("/bin/true").read_bytes(), "E0320"),
        }
        cls.toys = {
            "wrong_major": "E0309", "needs_newer": "E0310", "no_entry": "E0308", "no_note": "E0307",
            "aborts": "E0311", "exits": "E0311", "wild_pointer": "E0311",
            "undefined_symbol": "E0315", "two_exports": "E0322", "illegal_operator_id": "E0313",
            "same_operator_twice": "E0313", "note_differs": "E0324", "refuses_host": "E0326",
            "unique": "E0323", "null_operator_id": "E0313", "many_operators": "E0313",
            "null_option": "E0313", "wrong_role": "E0313", "unknown_kind": "E0313",
            "no_output": "E0313", "escapes": "E0313", "init_crashes": "E0311",
        }  # fmt: skip

    def setUp(self):
        super().setUp()
        (self.folder / "plugins").mkdir()
        for name, (content, _) in self.made.items():
            self.write(f"plugins/{name}.so", content)
        for name in self.toys:
            shutil.copyfile(TOYS / f"{name}.so", self.folder / f"plugins/{name}.so")
        self.codes = {name: code for name, (_, code) in self.made.items()} | self.toys

    def test_each_is_refused_with_its_own_reason_and_the_rest_works(self):
        self.write("p.toml", NUMBERS)  # its plugins/ has all of them
        self.assertEqual(self.sage("run", "p.toml", "-q", code=0).err, "")
        document = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0).json
        refused = {pathlib.Path(r["file"]).stem: r["code"] for r in document["refused"]}
        self.assertEqual(refused, {name: f"SAGE-{code}" for name, code in self.codes.items()})
        self.assertIn("probe", [p["id"] for p in document["plugins"]])
        # What lies no deeper than the file's first bytes is said in the same words of each.
        reasons = {r["reason"] for r in document["refused"]}
        self.assertGreaterEqual(len(reasons), 20, reasons)
        shown = self.sage("plugin", "list", "--plugins", "plugins", code=0).err
        for name, code in self.codes.items():
            self.assertRegex(shown, rf"warning: not used: \S+/{name}\.so: .+ \(SAGE-{code}\)")

    def test_why_names_reason_and_remedy(self):
        for name, code in self.codes.items():
            with self.subTest(name):
                done = self.sage("plugin", "why", f"plugins/{name}.so", code=1)
                head, why, fix, *_ = done.out.splitlines()
                self.assertEqual(head, f"plugins/{name}.so: refused (SAGE-{code})")
                self.assertRegex(why, r"^  why  \S.+")
                self.assertNotIn(".so", why)
                self.assertRegex(fix, r"^  fix  \S.+")
                self.assertIn(f"sage explain {code}", done.err)
        self.sage("plugin", "why", "plugins", code=74)

    def test_a_file_that_is_cut_off_anywhere_is_damaged(self):
        whole = PROBE_FILE.read_bytes()
        sizes = range(1024, len(whole), 1024)
        for size in sizes:
            self.write(f"cut/{size}.so", whole[:size])
        self.write("cut/whole.so", whole)
        document = self.sage("plugin", "list", "--plugins", "cut", "-o", "json", code=0).json
        refused = {pathlib.Path(r["file"]).stem: r["code"] for r in document["refused"]}
        self.assertEqual(refused, {str(size): "SAGE-E0306" for size in sizes})
        self.assertIn(str(self.folder / "cut/whole.so"), [p["file"] for p in document["plugins"]])

    def test_why_names_the_other_file_of_the_same_plugin(self):
        for name in ("a", "b"):
            shutil.copyfile(TOYS / "ok.so", self.folder / f"plugins/{name}.so")
        self.sage("plugin", "why", "plugins/a.so", "--plugins", "plugins", code=0)
        done = self.sage("plugin", "why", "plugins/b.so", "--plugins", "plugins", code=1)
        self.assertIn("refused (SAGE-E0325)", done.out)
        self.assertIn(f"{self.folder}/plugins/a.so is plugin `toy` 1.0.0 already", done.out)

    def test_a_plugin_of_a_newer_header_that_can_do_without_it_runs(self):
        file = self.folder / "plugins/newer.so"
        shutil.copyfile(TOYS / "newer_header.so", file)
        self.assertIn("accepted", self.sage("plugin", "why", file, "--plugins", "plugins", code=0).out)
        self.write("p.toml", NUMBERS.replace('use = "probe/add"', 'use = "toy/tally"\nwith = { word = "one" }'))
        self.sage("run", "p.toml", "-q", "--report", "report.json", code=0)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertGreater(report["stages"][1]["metrics"]["calls"]["value"], 0)

    def test_a_new_file_of_the_same_name_is_looked_at_anew(self):
        self.sage("plugin", "list", "--plugins", "plugins", code=0)
        fresh = self.folder / "plugins/fresh"
        shutil.copyfile(PROBE_FILE, fresh)
        fresh.rename(self.folder / "plugins/text.so")
        names = self.sage("plugin", "list", "--plugins", "plugins", "-o", "name", code=0).out
        self.assertIn("probe/add\n", names)


class InUse(SageTest):
    """Whatever is done to the file of a plugin, a job that runs goes on with what it has loaded."""

    PIPELINE = """sage = 1
[pipeline]
name = "echo"
[[stage]]
id = "in"
use = "io/stdin"
[[stage]]
id = "lower"
use = "text/lower"
[[stage]]
id = "out"
use = "io/console"
with = { format = "text" }
"""

    @staticmethod
    def zero(file):
        with file.open("r+b") as of:
            of.write(bytes(file.stat().st_size))

    @staticmethod
    def truncate(file):
        os.truncate(file, 0)

    @staticmethod
    def replace(file):
        fresh = file.with_suffix(".new")
        fresh.write_bytes(b"something else")
        fresh.rename(file)

    def echo(self, process, line):
        process.stdin.write(f"{line}\n")
        process.stdin.flush()
        return process.stdout.readline()

    def test_a_file_overwritten_truncated_replaced_or_removed_hurts_no_job(self):
        self.write("p.toml", self.PIPELINE)
        (self.folder / "plugins").mkdir()
        files = [self.folder / f"plugins/{name}.so" for name in ("io", "text")]
        for damage in (self.zero, self.truncate, self.replace, os.unlink):
            with self.subTest(damage.__name__):
                for file in files:
                    shutil.copyfile(BUILD / "plugins" / file.name, file)
                process = self.start("run", "p.toml", "-qq", stdin=subprocess.PIPE,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip
                self.assertEqual(self.echo(process, "ONE"), "one\n")
                for file in files:
                    damage(file)
                self.assertEqual(self.echo(process, "TWO"), "two\n")
                process.stdin.write("THREE\n" * 10_000)
                done = self.finish(process, 0)
                self.assertEqual((done.out, done.err), ("three\n" * 10_000, ""))
        for file in files:  # the next look finds what is there now
            self.write(f"plugins/{file.name}", "something else")
        done = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0)
        self.assertEqual([r["code"] for r in done.json["refused"]], ["SAGE-E0304"] * 2)


class Hanging(SageTest):
    def test_a_plugin_that_hangs_costs_a_bounded_time_once(self):
        (self.folder / "plugins").mkdir()
        shutil.copyfile(TOYS / "hangs.so", self.folder / "plugins/hangs.so")
        self.write("p.toml", NUMBERS)
        began = time.monotonic()
        self.assertEqual(self.sage("run", "p.toml", "-q", code=0).err, "")
        took = time.monotonic() - began
        self.assertGreater(took, HANG_LIMIT_S * 0.9)
        self.assertLess(took, HANG_LIMIT_S * 5)
        began = time.monotonic()
        document = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0).json
        self.assertLess(time.monotonic() - began, HANG_LIMIT_S * 0.9)
        self.assertEqual([r["code"] for r in document["refused"]], ["SAGE-E0312"])

        done = self.sage("plugin", "why", "plugins/hangs.so", code=1)
        self.assertRegex(done.out, r"refused \(SAGE-E0312\)\n  why  did not answer within 5000 ms\n  fix  \S")

    def test_a_look_at_a_plugin_that_hangs_can_be_interrupted(self):
        process = self.start("plugin", "why", str(TOYS / "hangs.so"), stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE)  # fmt: skip
        time.sleep(0.3)
        process.terminate()
        began = time.monotonic()
        self.finish(process, -15)
        self.assertLess(time.monotonic() - began, HANG_LIMIT_S * 0.9)


if __name__ == "__main__":
    unittest.main()
