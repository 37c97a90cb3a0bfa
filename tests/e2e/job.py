"""Jobs for the tests of this folder: pipelines through the plugins in the box, their rows, and a
look at the report of every one."""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from shell import PROBE, SOURCE, SageTest  # noqa: E402

PIPELINES = SOURCE / "configs/pipelines"
STAGES = '[[stage]]\nid = "{id}"\nuse = "{use}"\n{rest}\n'


COUNTS = ("records_in", "records_out", "processed", "filtered", "skipped", "dead_lettered", "failed")


def pipeline(*stages):
    """A pipeline of (id, use, rest of the stage as TOML)."""
    text = 'sage = 1\n[pipeline]\nname = "job"\n'
    return text + "".join(STAGES.format(id=i, use=u, rest=r) for i, u, r in stages)


class JobTest(SageTest):
    def setUp(self):
        super().setUp()
        del self.environment["SAGE_PLUGIN_PATH"]

    def run_job(self, file, *arguments, code=0, env=None):
        """Runs it; returns its report, in which every record is accounted for."""
        done = self.sage("run", file, "--report", "report.json", *arguments, code=code, env=env)
        report = json.loads((self.folder / "report.json").read_text())
        self.assertEqual(report["state"], "finished" if code == 0 else "failed", done)
        self.check_accounts(report, done)
        if code == 0:
            self.assertEqual(report["channels"]["sent"], report["channels"]["received"])
        return report

    def check_accounts(self, report, done):
        for stage in report["stages"]:
            total = dict.fromkeys(COUNTS, 0)
            for instance in stage["instances"]:
                rejected = instance["skipped"] + instance["dead_lettered"] + instance["failed"]
                accounted = instance["processed"] + instance["filtered"] + rejected
                self.assertEqual(instance["records_in"], accounted, f"{stage}\n{done}")
                if report["state"] == "finished" and stage["use"] in ("record/map", "record/filter", "record/parse_json"):
                    self.assertEqual(
                        instance["records_in"] - instance["filtered"] - rejected,
                        instance["records_out"], stage)  # fmt: skip
                for name in total:
                    total[name] += instance[name]
            for name, value in total.items():
                self.assertEqual(stage[name], value, stage)

    def stage(self, report, name):
        return next(stage for stage in report["stages"] if stage["id"] == name)

    def parts(self, folder):
        """The rows of each part file."""
        return {
            path.name: [json.loads(line) for line in path.read_bytes().splitlines()]
            for path in sorted((self.folder / folder).glob("part-*.jsonl"))
        }

    def rows(self, folder):
        return [row for rows in self.parts(folder).values() for row in rows]

    def sorted_rows(self, folder):
        return sorted(self.rows(folder), key=json.dumps)


__all__ = ["PIPELINES", "PROBE", "JobTest", "json", "os", "pipeline"]
