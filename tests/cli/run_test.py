#!/usr/bin/env python3
"""`sage run`: what its flags change, what it reports, what it says."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import threading
import time
import unittest

from shell import DEADLINE_S, ENDLESS, NUMBERS, REJECTS, SageTest

SUMMARY = re.compile(r"^done: ([\d,]+) records? in [\d.]+ s \([\d.]+[kMG]?/s\), ([\d,]+) rows? to \S+$")

KEYED = (
    NUMBERS.replace("1000", "100_000").replace(
        'use = "probe/add"', 'use = "probe/add"\nparallelism = 3'
    )
    + """
[[stage]]
id          = "total"
from        = "add"
use         = "probe/total"
key_by      = "key"
parallelism = 2

[[stage]]
id  = "sums"
use = "probe/tally"
"""
)


LIVE = """sage = 1
[pipeline]
name = "live"

[[stage]]
id  = "lines"
use = "io/stdin"

[[stage]]
id          = "count"
use         = "agg/count"
key_by      = "line"
parallelism = 2
with        = { emit = "update" }

[[stage]]
id  = "out"
use = "io/console"
"""

BUSY = """
[[stage]]
id  = "busy"
use = "io/generator"

[[stage]]
id  = "away"
use = "io/null"
"""


class Run(SageTest):
    def report(self, *arguments, code=0):
        self.sage("run", *arguments, "--report", "report.json", code=code)
        return json.loads((self.folder / "report.json").read_text())

    def stages(self, report):
        return {stage["id"]: stage for stage in report["stages"]}

    def test_the_summary_is_one_line_on_standard_error(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("run", "p.toml", code=0)
        (line,) = done.err.splitlines()
        self.assertRegex(line, SUMMARY)
        self.assertEqual(SUMMARY.match(line).groups(), ("1,000", "500"))
        self.assertEqual(done.out, "")

    def test_quiet_leaves_the_summary_out_and_twice_the_warnings_too(self):
        resources = 'use  = "probe/numbers"\nresources = { num_cpus = 1 }'
        self.write("p.toml", NUMBERS.replace('use  = "probe/numbers"', resources))
        loud = self.sage("run", "p.toml", code=0).err
        self.assertIn("warning[SAGE-W0101]: ", loud)
        self.assertIn("done: ", loud)
        quiet = self.sage("run", "p.toml", "-q", code=0).err
        self.assertIn("warning[SAGE-W0101]: ", quiet)
        self.assertNotIn("done: ", quiet)
        for flags in (["-qq"], ["-q", "-q"], ["--quiet", "-q"]):
            self.assertEqual(self.sage("run", "p.toml", *flags, code=0).err, "")
        self.write("bad.toml", REJECTS)  # errors are always said
        self.assertIn("error[SAGE-E0601]", self.sage("run", "bad.toml", "-qq", code=1).err)

    def test_resources_warn_that_they_are_not_enforced(self):
        resources = 'use  = "probe/numbers"\nresources = { num_cpus = 1, memory = "1GB" }'
        self.write("p.toml", NUMBERS.replace('use  = "probe/numbers"', resources))
        done = self.sage("run", "p.toml", code=0)
        self.assertEqual(done.err.count("warning[SAGE-W0101]"), 1)
        self.assertRegex(done.err, r"--> p\.toml:8:\d+")

    def test_set_changes_options_and_keys(self):
        self.write("p.toml", NUMBERS)
        report = self.report("p.toml", "--set", "src.with.count=50", "--set", "src.with.keys=5")
        self.assertEqual(self.stages(report)["src"]["records_in"], 50)
        report = self.report("p.toml", "--set", "pipeline.name=other", "--set", "add.parallelism=3")
        self.assertEqual(report["name"], "other")
        self.assertEqual(self.stages(report)["add"]["parallelism"], 3)

    def test_the_last_set_of_a_key_counts(self):
        self.write("p.toml", NUMBERS)
        report = self.report("p.toml", "--set", "src.with.count=5", "--set", "src.with.count=6")
        self.assertEqual(self.stages(report)["src"]["records_in"], 6)

    def test_set_is_checked_as_the_file_is(self):
        self.write("p.toml", NUMBERS)
        for given, code in (("src.with.cuont=1", "E0107"), ("src.with.count=many", "E0402"),
                            ("add.key_bye=n", "E0106"), ("src.with=1", "E0124")):  # fmt: skip
            with self.subTest(given):
                done = self.sage("run", "p.toml", "--set", given, code=78)
                self.assert_explained(done, code, f"--set {given}")
                self.assertNotIn("${", done.err)
        done = self.sage("run", "p.toml", "--set", "src.with.count=many", code=78)
        self.assertIn("help: look at the value that --set gives", done.err)
        done = self.sage("run", "p.toml", "--set", "src.with.count=many", "-o", "json", code=78)
        self.assertEqual(done.json["error"]["hint"], "look at the value that --set gives")

    def test_variables_are_filled_in(self):
        self.write("p.toml", NUMBERS.replace("1000", '"${COUNT:-10}"'))
        self.assertEqual(self.stages(self.report("p.toml"))["src"]["records_in"], 10)
        self.environment["COUNT"] = "20"
        self.assertEqual(self.stages(self.report("p.toml"))["src"]["records_in"], 20)
        self.environment["COUNT"] = "x"
        done = self.sage("run", "p.toml", code=78)
        self.assert_explained(done, "E0402", r"p\.toml:8:18")

    def test_p_sets_the_parallelism_of_a_stage(self):
        self.write("p.toml", NUMBERS)
        report = self.report("p.toml", "-P", "add=4", "-P", "even=2")
        shapes = {i: s["parallelism"] for i, s in self.stages(report).items()}
        self.assertEqual(shapes, {"src": 1, "add": 4, "even": 2, "out": 1})
        done = self.sage("run", "p.toml", "-P", "ad=4", code=2)
        self.assertIn("did you mean", done.err)
        self.sage("run", "p.toml", "-P", "add=0", code=78)
        self.sage("run", "p.toml", "-P", "add=129", code=78)

    def test_limit_ends_after_so_many_rows_at_sinks(self):
        self.write("p.toml", ENDLESS)
        for limit in (0, 1, 10, 5000):
            with self.subTest(limit):
                report = self.report("p.toml", "--limit", str(limit))
                self.assertEqual(report["state"], "finished")
                out = self.stages(report)["out"]
                self.assertEqual(out["records_in"] - out["filtered"], limit)
                self.assertEqual(out["metrics"]["count"]["value"], limit)
        done = self.sage("run", "p.toml", "--limit", "1000", code=0)
        self.assertRegex(done.err, r"^done: .*, 1,000 rows to out\n$")

    def test_a_limit_above_what_there_is_changes_nothing(self):
        self.write("p.toml", NUMBERS)
        report = self.report("p.toml", "--limit", "501")
        self.assertEqual(self.stages(report)["out"]["records_in"], 500)

    def test_for_ends_after_a_time_and_is_done(self):
        began = time.monotonic()
        self.write("p.toml", ENDLESS)
        done = self.sage("run", "p.toml", "--for", "100ms", "--report", "report.json", code=0)
        self.assertRegex(done.err.splitlines()[-1], SUMMARY)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual(report["state"], "finished")
        self.assertGreaterEqual(time.monotonic() - began, 0.1)
        stages = self.stages(report)  # what was in flight has arrived
        self.assertEqual(stages["src"]["records_in"], stages["even"]["records_in"])
        self.assertEqual(self.sage("run", "p.toml", "--for", "0s", code=0).out, "")

    def test_for_does_not_hold_up_what_ends_by_itself(self):
        self.write("p.toml", NUMBERS)
        began = time.monotonic()
        self.sage("run", "p.toml", "--for", "1h", code=0)
        self.assertLess(time.monotonic() - began, DEADLINE_S)

    def test_the_size_of_batches_changes_no_counts(self):
        self.write("p.toml", KEYED)
        sizes = ("1", "7", "4096", "65536")
        counts = []
        for size in sizes:
            stages = self.stages(self.report("p.toml", "--batch-records", size))
            counts.append([(s["records_in"], s["records_out"]) for s in stages.values()])
            self.assertEqual(stages["sums"]["metrics"]["sum"]["value"], 100_000 * 100_001 // 2)
        for linger in ("0s", "1h"):
            stages = self.stages(self.report("p.toml", "--linger", linger))
            counts.append([(s["records_in"], s["records_out"]) for s in stages.values()])
        self.assertEqual(counts, [counts[0]] * len(counts))

    def first_row_of(self, more, *arguments):
        """What comes out for one line while standard input stays open."""
        self.write("live.toml", LIVE + more)
        pipes = {name: subprocess.PIPE for name in ("stdin", "stdout", "stderr")}
        process = self.start("run", "live.toml", *arguments, **pipes)
        process.stdin.write("a\n")
        process.stdin.flush()
        ready, _, _ = select.select([process.stdout], [], [], DEADLINE_S)
        row = process.stdout.readline() if ready else '"nothing"'
        if more:  # without an end
            process.send_signal(signal.SIGINT)
        self.finish(process, 130 if more else 0)
        return json.loads(row)

    def test_a_row_does_not_wait_for_others_where_nothing_else_is_to_be_done(self):
        self.assertEqual(self.first_row_of("", "--linger", "1h"), {"line": "a", "n": 1})

    def test_a_row_waits_for_the_linger_where_others_keep_the_thread_busy(self):
        self.assertEqual(self.first_row_of(BUSY), {"line": "a", "n": 1})

    def test_accounts_add_up_in_every_instance(self):
        self.write("p.toml", KEYED)
        report = self.report("p.toml")
        self.assertEqual(report["channels"]["sent"], report["channels"]["received"])
        self.check_accounts(report)
        stages = self.stages(report)
        self.assertEqual(stages["even"]["filtered"], 50_000)
        self.assertEqual([i["records_in"] for i in stages["add"]["instances"]].count(0), 0)

    def check_accounts(self, report):
        for stage in report["stages"]:
            for name in ("records_in", "records_out", "filtered", "skipped", "dead_lettered",
                         "failed", "bytes_in", "bytes_out"):  # fmt: skip
                self.assertEqual(stage[name], sum(i[name] for i in stage["instances"]))
            for i in stage["instances"]:
                left = i["records_in"] - i["skipped"] - i["dead_lettered"] - i["failed"]
                if stage["id"] not in ("out", "sums", "total", "letters"):  # one in, one out
                    self.assertEqual(left - i["filtered"], i["records_out"], stage["id"])
                self.assertGreaterEqual(left, 0)

    def test_rejected_records_are_skipped_or_become_dead_letters(self):
        self.write("p.toml", REJECTS)
        done = self.sage("run", "p.toml", "--set", "bad.on_error=skip", "--report", "-", code=0)
        self.assertRegex(done.err, r"done: 1,000 records .*, 990 rows to out, 10 skipped\n$")
        bad = self.stages(done.json)["bad"]
        self.assertEqual((bad["records_in"], bad["skipped"], bad["failed"]), (1000, 10, 0))
        self.check_accounts(done.json)

    def test_the_report_goes_to_a_file_or_to_standard_output(self):
        self.write("p.toml", NUMBERS)
        done = self.sage("run", "p.toml", "--report", "-", code=0)
        self.assertEqual(done.json["state"], "finished")
        self.assertIn("done: ", done.err)
        report = self.report("p.toml")
        self.assertEqual(report["schema_version"], 1)
        both = self.sage("run", "p.toml", "--report", "-", "-o", "json", code=0)
        self.assertEqual(both.json["state"], "finished")  # once, not twice

    def test_failed_jobs_are_reported_too(self):
        self.write("p.toml", REJECTS)
        report = self.report("p.toml", code=1)
        self.assertEqual(report["state"], "failed")
        self.assertEqual(report["error"]["code"], "SAGE-E0601")
        self.assertEqual(self.stages(report)["bad"]["failed"], 1)
        self.assertEqual(self.report("nix.toml", code=74)["error"]["code"], "SAGE-E0701")
        self.write("bad.toml", "sage = 2\n")
        self.assertEqual(self.report("bad.toml", code=78)["error"]["code"], "SAGE-E0121")

    def test_a_report_that_cannot_be_written_is_said_before_the_job_runs(self):
        self.write("p.toml", ENDLESS)
        for file in ("nix/report.json", "."):
            done = self.sage("run", "p.toml", "--report", file, code=74)
            self.assert_explained(done, "E0705")
            self.assertNotIn("done", done.err)

    def test_an_operator_logs_at_most_what_is_asked_for(self):
        self.write("p.toml", NUMBERS)
        for flags in ([], ["-v"], ["-vv"]):
            self.assertIn("done: ", self.sage("run", "p.toml", *flags, code=0).err)

    def test_colour_is_for_terminals_unless_told(self):
        self.write("p.toml", NUMBERS.replace("count =", "cuont ="))
        colour = "\x1b[1;31m"
        self.assertNotIn("\x1b", self.sage("run", "p.toml").err)
        self.assertIn(colour, self.sage("run", "p.toml", "--color", "always").err)
        self.assertIn(colour, self.sage("run", "p.toml", env={"CLICOLOR_FORCE": "1"}).err)
        forced = {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}
        self.assertNotIn("\x1b", self.sage("run", "p.toml", env=forced).err)
        self.assertNotIn("\x1b", self.sage("run", "p.toml", "--color", "never", env=forced).err)


class Terminal(SageTest):
    def on_terminal(self, *arguments, env=None, read_once=None):
        """(exit code, what a terminal at standard error receives). Nobody reads standard output
        before the text `read_once` is shown, so that the job has to wait until then."""
        ours, theirs = pty.openpty()
        process = self.start(*arguments, env={"TERM": "xterm", **(env or {})}, stderr=theirs,
                             stdout=subprocess.PIPE if read_once else subprocess.DEVNULL)  # fmt: skip
        os.close(theirs)
        reader = None
        shown = b""
        deadline = time.monotonic() + DEADLINE_S
        with process:
            while time.monotonic() < deadline:
                if not select.select([ours], [], [], 1)[0]:
                    continue
                try:
                    shown += os.read(ours, 65536)
                except OSError:  # the other end is closed
                    break
                if read_once and not reader and read_once in shown:
                    reader = threading.Thread(target=process.stdout.read)
                    reader.start()
            code = process.wait(timeout=DEADLINE_S)
        if reader:
            reader.join()
        os.close(ours)
        return code, shown.decode().replace("\r\n", "\n")

    def test_one_live_line_is_rewritten_in_place(self):
        self.write("p.toml", ENDLESS)
        code, shown = self.on_terminal("run", "p.toml", "--for", "1s")
        self.assertEqual(code, 0)
        *live, last = shown.split("\r")
        lines = [part.removesuffix("\x1b[K") for part in live if part]
        self.assertGreaterEqual(len(lines), 2, shown)
        for line in lines:
            if line:
                self.assertRegex(line, r"^[\d.]+[kMG]? records, [\d.]+[kMG]?/s(, limited by .*)?$")
        self.assertTrue(any("limited by src" in line for line in lines), shown)
        self.assertTrue(last.startswith("\x1b[Kdone: "), shown)  # nothing of it is left
        self.assertEqual(shown.count("\n"), 1)

    def test_of_files_it_shows_how_much_is_done(self):
        self.write("a.txt", b"a\n" * 1_000_000)
        text = 'sage = 1\n[pipeline]\nname = "files"\n'
        for stage in ("file", "console"):
            text += f'[[stage]]\nid = "{stage}"\nuse = "io/{stage}"\n'
        self.write("p.toml", text)
        code, shown = self.on_terminal("run", "p.toml", "--set", "file.with.path=a.txt",
                                       read_once=b"% of ")  # fmt: skip
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, r"[kMG]? records, \S+/s, \d+% of 2\.0 MB")

    def test_no_line_for_quiet_or_dumb_terminals_or_short_jobs(self):
        self.write("p.toml", ENDLESS)
        self.write("short.toml", NUMBERS)
        self.assertEqual(self.on_terminal("run", "p.toml", "--for", "600ms", "-q"), (0, ""))
        dumb = self.on_terminal("run", "p.toml", "--for", "600ms", env={"TERM": "dumb"})[1]
        self.assertNotIn("\r", dumb)
        self.assertNotIn("\x1b", dumb)
        self.assertNotIn("\r", self.on_terminal("run", "short.toml")[1])


if __name__ == "__main__":
    unittest.main()
