"""Runs the real `sage` for the tests of this folder: each test in a temporary folder of its own,
with nothing of the caller's environment, and with a look at what it leaves behind."""

import contextlib
import ctypes
import dataclasses
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import time
import unittest

BUILD = pathlib.Path(os.environ["SAGE_BUILD_DIR"])
SOURCE = pathlib.Path(os.environ["REPO"])
SAGE = BUILD / "bin/sage"
TOYS = BUILD / "tests/toys"  # plugins that are bad in one way each
PROBE = BUILD / "tests/runtime/plugins"  # the plugin `probe`, in plain C
DEADLINE_S = 60  # of one command; far more than any takes

_PR_SET_CHILD_SUBREAPER = 36

NUMBERS = """sage = 1
[pipeline]
name = "numbers"

[[stage]]
id   = "src"
use  = "probe/numbers"
with = { count = 1000, keys = 7 }

[[stage]]
id  = "add"
use = "probe/add"

[[stage]]
id  = "even"
use = "probe/even"

[[stage]]
id  = "out"
use = "probe/tally"
"""

# One record in a hundred is rejected, for want of a better word.
REJECTS = """sage = 1
[pipeline]
name = "rejects"

[[stage]]
id   = "src"
use  = "probe/numbers"
with = { count = 1000, keys = 7 }

[[stage]]
id   = "bad"
use  = "probe/misbehave"
with = { every = 100, what = "reject" }

[[stage]]
id  = "out"
use = "probe/tally"
"""

ENDLESS = NUMBERS.replace("1000", "1_000_000_000_000")


@dataclasses.dataclass
class Done:
    code: int
    out: str
    err: str

    @property
    def json(self):
        """Standard output, which must be one JSON document and nothing else."""
        document = json.loads(self.out)
        assert document["schema_version"] == 1, self.out
        return document

    def __str__(self):
        return f"exit code {self.code}\n--- out\n{self.out}\n--- err\n{self.err}"


class SageTest(unittest.TestCase):
    """A folder, `self.folder`, which is the current directory of what runs in it."""

    maxDiff = None
    _cache = None

    @classmethod
    def setUpClass(cls):
        # What a command leaves running becomes a child of ours, and shows in tearDown.
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        cls._cache = tempfile.TemporaryDirectory(prefix="sage-cli-cache-")

    @classmethod
    def tearDownClass(cls):
        cls._cache.cleanup()

    def setUp(self):
        # A real path: what `sage` prints of files is compared with it.
        self.folder = pathlib.Path(os.path.realpath(tempfile.mkdtemp(prefix="sage-cli-")))
        self.addCleanup(self._remove_folder)
        self.addCleanup(self._no_process_left)
        self.environment = {
            "PATH": f"{SAGE.parent}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder / "home"),
            "XDG_CACHE_HOME": self._cache.name,
            "TMPDIR": str(self.folder / "tmp"),
            "SAGE_PLUGIN_PATH": str(PROBE),
        }
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.environment[name] = os.environ[name]
        (self.folder / "home").mkdir()
        (self.folder / "tmp").mkdir()

    def _remove_folder(self):
        for path in self.folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o700)
        shutil.rmtree(self.folder)

    def _no_process_left(self):
        patience = time.monotonic() + 2  # for what is just ending
        with contextlib.suppress(ChildProcessError):
            while time.monotonic() < patience:
                if os.waitpid(-1, os.WNOHANG)[0] == 0:
                    time.sleep(0.01)
            self.fail("a process is left behind")

    def write(self, name, text):
        """A file in the folder; returns its name."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def start(self, *arguments, env=None, **options):
        options = {"stdin": subprocess.DEVNULL, "cwd": self.folder} | options
        return subprocess.Popen(
            [SAGE, *arguments], env={**self.environment, **(env or {})}, text=True, **options
        )

    def sage(self, *arguments, env=None, code=None, **options):
        """Runs it to its end. `code`: the exit code that it must have."""
        process = self.start(
            *arguments, env=env, **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        )
        return self.finish(process, code)

    def finish(self, process, code=None):
        with process:
            try:
                out, err = process.communicate(timeout=DEADLINE_S)
            except subprocess.TimeoutExpired:
                process.kill()
                out, err = process.communicate()
                self.fail(f"no end after {DEADLINE_S} s: {process.args}\n{out}\n{err}")
        done = Done(process.returncode, out or "", err or "")
        if code is not None:
            self.assertEqual(done.code, code, f"{process.args}\n{done}")
        # Whatever happens, it does not happen as a crash.
        self.assertNotIn(done.code, (-4, -6, -7, -8, -11, 70), f"{process.args}\n{done}")
        return done

    def bash(self, script, **options):
        """A script of bash, with pipefail, in the folder; `sage` is on PATH."""
        process = subprocess.Popen(
            ["bash", "-o", "pipefail", "-c", script], env=self.environment, cwd=self.folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **options,
        )  # fmt: skip
        return self.finish(process)

    def assert_explained(self, done, code, place=None):
        """An error as all must be: a code, a place where there is one, and what to do next."""
        self.assertIn(f"error[SAGE-{code}]: ", done.err, done)
        if place:
            self.assertRegex(done.err, rf"(?m)^ *--> {place}$", done)
        shows_line = any(line.lstrip(" |").startswith("^") for line in done.err.splitlines())
        self.assertTrue("= help: " in done.err or shows_line, f"nothing to do next: {done}")
