#!/usr/bin/env python3
"""Ctrl-C, SIGTERM, and readers that go away: `sage` always ends, and always says how."""

import json
import os
import signal
import subprocess
import time
import unittest

from shell import DEADLINE_S, ENDLESS, SAGE, SageTest



class Signals(SageTest):
    def running(self, *arguments, **options):
        """A job without an end, once it has begun."""
        self.write("p.toml", ENDLESS)
        process = self.start(
            "run", "p.toml", "--report", "report.json", *arguments,
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )  # fmt: skip
        self.until(lambda: process.poll() is not None or self.listens(process))
        self.until(lambda: self.threads(process) > 1)
        return process

    def listens(self, process):
        """Takes signals in turn. Before that, threads may be there for plugins that are looked at."""
        folder = f"/proc/{process.pid}/fd"
        try:
            return "anon_inode:[signalfd]" in [os.readlink(f"{folder}/{fd}") for fd in os.listdir(folder)]
        except FileNotFoundError:  # closed meanwhile
            return False

    def until(self, condition):
        deadline = time.monotonic() + DEADLINE_S
        while not condition():
            self.assertLess(time.monotonic(), deadline, "waited too long")
            time.sleep(0.002)

    def threads(self, process):
        return len(os.listdir(f"/proc/{process.pid}/task")) if process.poll() is None else 2

    def report(self):
        return json.loads((self.folder / "report.json").read_text())

    def test_the_first_signal_stops_sources_and_the_rest_is_finished(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)):
            with self.subTest(number):
                process = self.running()
                process.send_signal(number)
                done = self.finish(process, code)
                self.assertIn("stopping: ", done.err)
                self.assertRegex(done.err.splitlines()[-1], r"^stopped: [\d,]+ records in .* to out$")
                report = self.report()
                self.assertEqual((report["state"], report["error"]), ("stopped", None))
                records = {stage["id"]: stage for stage in report["stages"]}
                self.assertEqual(records["src"]["records_in"], records["even"]["records_in"])
                self.assertEqual(records["even"]["records_out"], records["out"]["records_in"])

    def test_timeout_which_signals_a_process_and_its_group_asks_once(self):
        self.write("p.toml", ENDLESS)
        for _ in range(5):
            done = subprocess.run(
                ["timeout", "0.5", SAGE, "run", "p.toml"], cwd=self.folder, env=self.environment,
                capture_output=True, text=True, timeout=DEADLINE_S, check=False,
            )  # fmt: skip
            self.assertEqual(done.returncode, 124)
            self.assertRegex(done.stderr.splitlines()[-1], r"^stopped: ", done.stderr)

    def test_a_second_signal_stops_at_once(self):
        process = self.running()
        process.send_signal(signal.SIGSTOP)  # both are there when it goes on
        process.send_signal(signal.SIGINT)
        process.send_signal(signal.SIGTERM)
        process.send_signal(signal.SIGCONT)
        # Signals of two kinds wait in the order of their numbers: SIGINT is taken first.
        done = self.finish(process, 130)
        last = done.err.splitlines()[-1]
        self.assertRegex(last, r"^(cancelled: .*, nothing committed|stopped: .*)$")
        self.assertNotIn("error[", done.err)

    def test_a_job_that_does_not_listen_ends_at_the_third_signal(self):
        self.write("p.toml", ENDLESS)
        process = self.start("run", "p.toml", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for _ in range(1000):
            if process.poll() is not None:
                break
            process.send_signal(signal.SIGINT)
            time.sleep(0.005)
        done = self.finish(process)
        self.assertIn(done.code, (130, -signal.SIGINT))

    def test_ctrl_c_in_a_terminal_reaches_no_helper_of_ours(self):
        # The whole group of a foreground job gets the signal.
        process = self.running(start_new_session=True)
        os.killpg(process.pid, signal.SIGINT)
        self.finish(process, 130)

    def test_nohup_is_obeyed(self):
        self.write("p.toml", ENDLESS)
        process = self.start(
            "run", "p.toml", "--for", "300ms", stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
        )  # fmt: skip
        self.until(lambda: self.threads(process) > 1)
        process.send_signal(signal.SIGHUP)
        self.finish(process, 0)

    def test_a_quiet_job_ends_by_ctrl_c_without_a_word(self):
        process = self.running("-q")
        process.send_signal(signal.SIGINT)
        self.assertEqual(self.finish(process, 130).err, "")


class Output(SageTest):
    def test_a_reader_that_goes_away_is_no_error(self):
        for verb in ("plugin list", "schema pipeline", "--help", "explain E0107"):
            with self.subTest(verb):
                # Enough copies that the pipe is certain to break.
                script = f"(for i in $(seq 40); do sage {verb} || exit; done) | head -c 1 > /dev/null"
                done = self.bash(script)
                self.assertIn(done.code, (0, 141), done)
                self.assertNotIn("error", done.err)

    def test_a_broken_pipe_is_an_io_error_where_the_signal_is_ignored(self):
        reader, writer = os.pipe()
        os.close(reader)
        done = self.sage("schema", "pipeline", code=74, stdout=writer, restore_signals=False)
        os.close(writer)
        self.assert_explained(done, "E0705")

    def test_a_report_that_nobody_reads_is_an_io_error(self):
        self.write("p.toml", ENDLESS)
        with open("/dev/full", "w") as full:
            run = ("run", "p.toml", "--limit", "5", "--report", "-")
            self.assert_explained(self.sage(*run, code=74, stdout=full), "E0705")

    def test_a_full_disk_is_an_io_error(self):
        for arguments in (["version"], ["plugin", "list"], ["--help"], ["explain", "E0107"],
                          ["version", "-o", "json"], ["-V"]):  # fmt: skip
            with self.subTest(arguments), open("/dev/full", "w") as full:
                done = self.sage(*arguments, code=74, stdout=full)
                self.assert_explained(done, "E0705")

    def test_closed_descriptors_are_no_place_for_files(self):
        self.write("p.toml", ENDLESS)
        for closed in (">&-", "<&- >&-", ">&- 2>&-", "<&- >&- 2>&-"):
            for command in ("version", "plugin list", "schema pipeline"):
                with self.subTest(closed=closed, command=command):
                    done = self.bash(f"XDG_CACHE_HOME=$PWD/fresh sage {command} {closed}")
                    self.assertEqual(done.code, 74, done)
        done = self.bash("sage run p.toml --limit 10 <&- >&-")
        self.assertEqual(done.code, 0, done)  # it has nothing to print
        self.assertEqual(self.bash("sage run p.toml --limit 10 2>&-").code, 0)
        self.assertEqual(self.bash("sage lint p.toml -o json <&- | head -c 1").out, "{")
        copies = list((self.folder / "fresh/sage").glob("*.so"))
        self.assertTrue(copies)
        for copy in copies:
            self.assertEqual(copy.read_bytes()[:4], b"\x7fELF")


if __name__ == "__main__":
    unittest.main()
