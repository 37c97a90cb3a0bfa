"""Runs pipelines that are libraries, and looks at their rows."""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from job import PIPELINES, JobTest, pipeline  # noqa: E402
from shell import BUILD, SOURCE  # noqa: E402

EXAMPLES = BUILD / "examples/pipelines"
PROGRAMS = BUILD / "tests/pipelines"
MASK = 2**64 - 1


def sort(rows):
    return sorted(rows, key=json.dumps)


def stable_hash(text):
    """sage::stable_hash, written again after semantics, not after our own code."""
    h = 0xCBF29CE484222325
    for byte in text.encode():
        h = (h ^ byte) * 0x100000001B3 & MASK
    h = (h ^ h >> 33) * 0xFF51AFD7ED558CCD & MASK
    h = (h ^ h >> 33) * 0xC4CEB9FE1A85EC53 & MASK
    return h ^ h >> 33


class ProgramTest(JobTest):
    def table(self, name, rows):
        """A file with the rows as jsonl; returns its name."""
        return self.write(name, "".join(json.dumps(row) + "\n" for row in rows))

    def printed(self, file, *arguments, code=0, **options):
        """Runs it; returns the rows that it prints, sorted."""
        done = self.sage("run", "-q", str(file), *arguments, code=code, **options)
        return sort(json.loads(line) for line in done.out.splitlines())

    def report(self, file, *arguments, **options):
        report = self.run_job(str(file), *arguments, **options)
        return {stage["id"]: stage for stage in report["stages"]}

    def inputs(self, stage):
        """How many records each instance got."""
        return [instance["records_in"] for instance in stage["instances"]]


__all__ = ["BUILD", "EXAMPLES", "PIPELINES", "PROGRAMS", "SOURCE", "ProgramTest", "json", "pipeline", "sort", "stable_hash"]  # fmt: skip
