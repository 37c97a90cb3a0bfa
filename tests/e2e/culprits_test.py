#!/usr/bin/env python3
"""Operators that end the process or never come back: the job says which, and ends."""

import os
import signal
import subprocess
import unittest

from job import PROBE, JobTest, json, pipeline

NUMBERS = ("in", "probe/numbers", "with = { count = 5000, keys = 7 }")


class Culprits(JobTest):
    def setUp(self):
        super().setUp()
        self.environment["SAGE_PLUGIN_PATH"] = str(PROBE)

    def begin(self, *stages):
        self.write("p.toml", pipeline(*stages))
        return self.start(
            "run", "p.toml", "--report", "report.json",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def end_of(self, operator):
        """How a job with that operator in its middle ends."""
        process = self.begin(NUMBERS, ("bad", f"unruly/{operator}", ""), ("out", "probe/tally", ""))
        with process:
            _, err = process.communicate(timeout=60)
        self.assertFalse((self.folder / "report.json").exists())
        return process.returncode, err

    def test_a_crash_is_named_and_takes_its_course(self):
        code, err = self.end_of("crashes")
        self.assertEqual(code, -signal.SIGABRT)
        self.assertIn(
            "error[SAGE-E0614]: stage `bad`, instance 0 (unruly/crashes): "
            "its plugin crashed in `process` (SIGABRT)\n  = help: ", err)  # fmt: skip

    def test_an_operator_that_ends_the_process_makes_no_success(self):
        code, err = self.end_of("exits")
        self.assertEqual(code, 1)
        self.assertIn(
            "error[SAGE-E0614]: stage `bad`, instance 0 (unruly/exits): "
            "its plugin ended the process in `process`\n  = help: ", err)  # fmt: skip

    def test_a_stack_that_overflows_is_a_crash(self):
        code, err = self.end_of("recurses")
        if "ASAN_OPTIONS" not in os.environ:  # which tells of it in its own way
            self.assertEqual(code, -signal.SIGSEGV)
        self.assertIn("stage `bad`, instance 0 (unruly/recurses): its plugin crashed", err)

    def test_whatever_the_call_the_end_of_the_process_is_no_success(self):
        for call in ("create", "open", "close", "destroy"):
            with self.subTest(call):
                out = ("out", "unruly/leaves", f"with = {{ call = '{call}' }}")
                process = self.begin(NUMBERS, out)
                with process:
                    _, err = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1)
                self.assertIn("stage `out`, instance 0 (unruly/leaves): its plugin ended the "
                              f"process in `{call}`\n", err)  # fmt: skip

    def test_without_descriptors_a_job_ends_and_says_so(self):
        self.write("p.toml", pipeline(NUMBERS, ("out", "probe/tally", "")))
        for most in range(6, 24):
            done = self.bash(f"ulimit -n {most}; timeout 30 sage run p.toml --cpus 1")
            self.assertNotIn(done.code, (124, 137), f"{most} descriptors: {done}")
            self.assertTrue(done.code == 0 or done.err, f"{most} descriptors: {done}")

    def report_without(self, process, code):
        """The report of a job that an operator did not let end."""
        done = self.finish(process, code)
        self.assertIn("warning: out/0: SAGE-W0602: `write` has not returned", done.err)
        return json.loads((self.folder / "report.json").read_text()), done

    def test_a_second_signal_leaves_behind_what_does_not_come_back(self):
        process = self.begin(NUMBERS, ("out", "unruly/hangs", ""))
        self.assertEqual(process.stderr.readline(), "warning: out/0: hangs\n")
        process.send_signal(signal.SIGINT)
        self.assertIn("stopping: ", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        report, done = self.report_without(process, 130)
        self.assertEqual(report["state"], "cancelled")
        self.assertRegex(done.err.splitlines()[-1], "^cancelled: .*, nothing committed$")

    def test_nobody_waits_for_ever_for_what_follows_the_commit(self):
        process = self.begin(
            ("in", "probe/numbers", "with = { count = 10, keys = 7 }"),
            ("out", "unruly/hangs", "with = { call = 'close' }"),
        )
        self.assertEqual(process.stderr.readline(), "warning: out/0: hangs\n")
        process.send_signal(signal.SIGINT)
        self.assertIn("stopping: ", process.stderr.readline())
        process.send_signal(signal.SIGTERM)
        done = self.finish(process, 130)
        self.assertIn("warning: out/0: SAGE-W0602: `close` has not returned", done.err)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual((report["state"], report["error"]), ("finished", None))

    def test_a_file_that_may_not_grow_is_an_io_error(self):
        out = ("out", "io/file_sink", 'with = { path = "out" }')
        self.write("p.toml", pipeline(NUMBERS, out))
        done = self.bash("ulimit -f 1; sage run p.toml")
        self.assertEqual(done.code, 74, done)
        self.assertIn("File too large", done.err)

    def test_a_failed_job_leaves_behind_what_does_not_come_back(self):
        process = self.begin(
            ("in", "io/stdin", ""),
            ("parse", "record/parse_json", 'with = { fields = { n = "int64" } }'),
            ("out", "unruly/hangs", ""),
        )
        process.stdin.write('{"n":1}\n')
        process.stdin.flush()
        self.assertEqual(process.stderr.readline(), "warning: out/0: hangs\n")
        process.stdin.write("no JSON\n")
        report, done = self.report_without(process, 1)
        self.assertEqual(report["state"], "failed")
        self.assertEqual(report["error"]["stage"], "parse")
        self.assert_explained(done, "E0601")


if __name__ == "__main__":
    unittest.main()
