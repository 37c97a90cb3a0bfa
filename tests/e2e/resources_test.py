#!/usr/bin/env python3
"""What a job takes of the machine: no CPU where it has nothing to do, no more memory than it says,
as many threads as it is given."""

import os
import re
import subprocess
import time
import unittest

from job import JobTest, pipeline

IDLE = pipeline(
    ("in", "io/stdin", ""),
    ("words", "text/split", "parallelism = 4"),
    ("count", "agg/count", 'key_by = "word"\nparallelism = 3\nwith = { emit = "update" }'),
    ("out", "io/console", "parallelism = 2"),
)
ENDLESS = pipeline(("in", "io/generator", "parallelism = 2"), ("out", "io/console", ""))


class Resources(JobTest):
    def begin(self, text, *arguments):
        self.write("p.toml", text)
        process = self.start(
            "run", "p.toml", "-v", *arguments,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        said = ""
        while "memory:" not in said:
            said += process.stderr.readline()
        return process, said

    def cpu_seconds(self, process):
        """Of all its threads, to the nanosecond."""
        folder = f"/proc/{process.pid}/task"
        total = 0
        for thread in os.listdir(folder):
            with open(f"{folder}/{thread}/schedstat", encoding="ascii") as file:
                total += int(file.read().split()[0])
        return total / 1e9

    def resident(self, process):
        with open(f"/proc/{process.pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

    def settled(self, measure):
        """The value once it has not changed for a while."""
        last, since = measure(), time.monotonic()
        deadline = since + 30
        while time.monotonic() - since < 0.5:
            self.assertLess(time.monotonic(), deadline, "does not settle")
            time.sleep(0.05)
            if (now := measure()) != last:
                last, since = now, time.monotonic()
        return last

    def test_a_job_with_nothing_to_do_uses_under_half_a_percent_of_a_cpu(self):
        process, _ = self.begin(IDLE, "--cpus", "2")
        process.stdin.write("a b c\n")
        process.stdin.flush()
        self.assertEqual(len([process.stdout.readline() for _ in range(3)]), 3)
        before, began = self.cpu_seconds(process), time.monotonic()
        time.sleep(2)
        used, took = self.cpu_seconds(process) - before, time.monotonic() - began
        self.assertLess(used / took, 0.005)
        process.communicate()
        self.assertEqual(process.returncode, 0)

    def test_behind_a_reader_that_stalls_memory_stays_within_what_is_said(self):
        process, said = self.begin(ENDLESS, "--cpus", "2")
        most = re.search(r"records take up at most (\d+) MB on their way", said)
        self.assertIsNotNone(most, said)
        process.stdout.readline()
        first = self.settled(lambda: self.resident(process))
        time.sleep(1)
        self.assertLess(abs(self.resident(process) - first), 1 << 20)
        if "ASAN_OPTIONS" not in os.environ:  # which has memory of its own
            self.assertLess(first, int(most[1]) * 1e6)
        process.terminate()
        process.stdout.read()
        process.communicate()
        self.assertEqual(process.returncode, 143)

    def test_as_many_threads_as_cpus_are_given_and_one_for_each_that_may_block(self):
        process, said = self.begin(IDLE, "--cpus", "3")
        process.communicate()
        self.assertIn("executors: 3, and one for each of 2 instances that may block", said)


if __name__ == "__main__":
    unittest.main()
