#!/usr/bin/env python3
"""Files and surroundings that nobody means well with: `sage` says what is wrong, and ends."""

import concurrent.futures
import os
import pathlib
import random
import stat
import subprocess
import unittest

from shell import NUMBERS, PROBE, SageTest


class Files(SageTest):
    def lint(self, text, code=78):
        self.write("p.toml", text)
        done = self.sage("lint", "p.toml", code=code)
        self.assertRegex(done.err, r"(?m)^ *--> p\.toml:\d+:\d+$")
        self.assertLess(len(done.err), 20_000)
        return done

    def test_texts_that_are_no_pipelines_are_refused_at_a_place(self):
        for name, text, code in (
            ("empty", b"", "E0123"),
            ("nul", b"sage = 1\n\0\n", "E0103"),
            ("latin1", "sage = 1\n# é\n".encode("latin1"), "E0102"),
            ("utf16", NUMBERS.encode("utf-16"), "E010"),
            ("brackets", b"sage = 1\na = " + b"[" * 4000, "E0104"),
            ("tables", b"sage = 1\na = " + b"{a=" * 4000, "E0104"),
            ("dotted", b"sage = 1\n" + b"a." * 4000 + b"a = 1\n", "E0104"),
            ("headers", b"[" + b".".join([b"a"] * 4000) + b"]\n", "E0104"),
            ("long key", b"sage = 1\n" + b"k" * 2_000_000 + b" = 1\n", "E0106"),
            ("dotted long key", b"sage = 1\na." + b"k" * 2_000_000 + b" = 1\n", "E010"),
            ("long value", b'sage = 1\n[pipeline]\nname = "' + b"n" * 2_000_000 + b'"\n', "E01"),
            ("bom", b"\xef\xbb\xbf\xff", "E0102"),
            ("version", b"sage = 2\n", "E0121"),
            ("elf", (PROBE / "probe.so").read_bytes()[:5000], "E0810"),
        ):
            with self.subTest(name):
                self.assertIn(f"error[SAGE-{code}", self.lint(text).err)

    def test_long_lists_of_errors_are_all_shown_and_bounded_in_width(self):
        stages = "".join(f'[[stage]]\nid = "s{i}"\nuse = "nix/nix"\n' for i in range(200))
        self.write("p.toml", "sage = 1\n" + stages)
        done = self.sage("lint", "p.toml", code=78)
        self.assertEqual(done.err.count("error[SAGE-E0301]"), 200)
        self.write("p.toml", 'sage = 1\n[pipeline]\nx = "' + "é" * 100_000 + '"\n')
        done = self.sage("lint", "p.toml", code=78)
        self.assertLess(max(map(len, done.err.splitlines())), 400)

    def test_torn_files_never_crash_it(self):
        rng = random.Random(7)
        text = NUMBERS.encode()
        for _ in range(60):
            broken = bytearray(text)
            for _ in range(rng.randint(1, 8)):
                broken[rng.randrange(len(broken))] = rng.choice(b'\0\x01"[]{}=.\xff\n${')
            self.write("p.toml", bytes(broken[: rng.randint(0, len(broken))]))
            done = self.sage("lint", "p.toml")
            self.assertIn(done.code, (0, 78), done)

    def test_devices_and_pipes_do_not_hold_it_up(self):
        os.mkfifo(self.folder / "fifo")
        for file in ("/dev/null", "/dev/zero", "fifo"):
            with self.subTest(file):
                self.assertRegex(self.sage("lint", file, code=78).err, f"--> {file}:1:1")
        for file in ("fifo", "/dev/zero"):
            self.write("p.toml", 'sage = 1\n[pipeline]\nname = "${file:' + file + '}"\n')
            self.assert_explained(self.sage("lint", "p.toml", code=78), "E0120", r"p\.toml:3:\d+")

    def test_a_pipeline_may_come_through_a_pipe(self):
        self.write("p.toml", NUMBERS)
        done = self.bash("sage run <(cat p.toml) && sage lint /dev/stdin < p.toml")
        self.assertEqual(done.code, 0, done)

    def test_names_that_look_like_flags_or_nothing(self):
        self.write("-x.toml", NUMBERS)
        self.sage("lint", "--", "-x.toml", code=0)
        self.sage("lint", "./-x.toml", code=0)
        self.sage("lint", "-x.toml", code=2)
        self.assert_explained(self.sage("lint", "-", code=74), "E0701", "-:1:1")
        self.assert_explained(self.sage("lint", "", code=74), "E0701", ":1:1")
        self.sage("lint", "x" * 5000, code=74)

    def test_nothing_that_is_shown_moves_the_cursor(self):
        evil = "a\x1b[31m\x07b\r\u202e.toml"
        done = self.sage("lint", evil, code=74)
        self.write("p.toml", f'sage = 1\n[pipeline]\nname = "{evil}"\n')
        for shown in (done.err, self.sage("lint", "p.toml", code=78).err,
                      self.sage("plugin", "why", evil).err,
                      self.sage("run", "p.toml", "--set", f"a.b={evil}").err,
                      self.sage(evil, code=2).err):  # fmt: skip
            for byte in ("\x1b", "\x07", "\r", "\u202e"):
                self.assertNotIn(byte, shown)


class Surroundings(SageTest):
    def setUp(self):
        super().setUp()
        self.write("p.toml", NUMBERS)

    def test_no_home_and_no_cache_folder(self):
        for name in ("HOME", "XDG_CACHE_HOME", "TMPDIR"):
            del self.environment[name]
            with self.subTest(name):
                if name == "TMPDIR":
                    self.environment["TMPDIR"] = str(self.folder / "tmp")
                self.sage("run", "p.toml", code=0)
        leftover = [p.name for p in (self.folder / "tmp").iterdir()]
        self.assertEqual(leftover, [f"sage-cache-{os.geteuid()}"])

    def test_a_cache_folder_that_cannot_be_made(self):
        self.write("file", "")
        self.environment.update(XDG_CACHE_HOME=str(self.folder / "file"), HOME="/proc/nix")
        self.sage("run", "p.toml", code=0)
        self.environment["TMPDIR"] = "/proc/nix"
        self.assert_explained(self.sage("run", "p.toml"), "E0317")

    def test_the_cache_is_for_its_owner_alone(self):
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        self.sage("run", "p.toml", code=0)
        cache = self.folder / "cache/sage"
        self.assertEqual(stat.S_IMODE(cache.stat().st_mode), 0o700)
        for file in cache.iterdir():
            self.assertEqual(stat.S_IMODE(file.stat().st_mode) & 0o077, 0)

    def test_a_damaged_cache_is_made_anew(self):
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")
        self.sage("run", "p.toml", code=0)
        for damage in (b"", b"nonsense", os.urandom(5000)):
            for file in (self.folder / "cache/sage").iterdir():
                file.chmod(0o700)
                file.write_bytes(damage)
            self.sage("run", "p.toml", code=0)
        for file in (self.folder / "cache/sage").iterdir():
            file.unlink()
        self.sage("run", "p.toml", code=0)

    def test_somebody_elses_folder_among_the_temporary_files_is_not_used(self):
        del self.environment["XDG_CACHE_HOME"]
        del self.environment["HOME"]
        trap = self.folder / f"tmp/sage-cache-{os.geteuid()}"
        trap.mkdir()
        trap.chmod(0o777)
        self.sage("run", "p.toml", code=0)
        self.assertEqual(list(trap.iterdir()), [])

    def test_thirty_at_once_on_one_fresh_cache(self):
        self.environment["XDG_CACHE_HOME"] = str(self.folder / "cache")

        def one(_):
            return self.sage("run", "p.toml", "--report", "-")

        with concurrent.futures.ThreadPoolExecutor(30) as pool:
            for done in pool.map(one, range(30)):
                self.assertEqual(done.code, 0, done)
                self.assertEqual(done.json["stages"][-1]["records_in"], 500)
        names = [p.name for p in (self.folder / "cache/sage").iterdir()]
        self.assertFalse([name for name in names if name.endswith(".tmp")], names)

    def test_few_descriptors_and_little_memory(self):
        for limit in ("ulimit -n 24", "ulimit -u 1000", "ulimit -f 100000"):
            done = self.bash(f"{limit}; sage run p.toml -P add=8 -P even=5")
            self.assertEqual(done.code, 0, done)

    def test_it_does_not_matter_where_it_is_called(self):
        self.sage("run", str(self.folder / "p.toml"), code=0, cwd="/")
        gone = self.folder / "gone"
        gone.mkdir()
        done = self.bash(f"cd gone && rmdir '{gone}' && sage run ../p.toml; sage lint {self.folder}/p.toml")
        self.assertIn("p.toml: ok", done.err)

    def test_a_wrong_locale_or_terminal_changes_nothing(self):
        plain = self.sage("run", "p.toml", "--report", "-", code=0).json["stages"][0]["records_in"]
        for env in ({"LC_ALL": "de_DE.UTF-8"}, {"LC_ALL": "nix"}, {"TERM": ""}, {"TERM": "nix"}):
            done = self.sage("run", "p.toml", "--report", "-", env=env, code=0)
            self.assertEqual(done.json["stages"][0]["records_in"], plain)


if __name__ == "__main__":
    unittest.main()
