#!/usr/bin/env python3
"""first_record.py [SAGE] [ROUNDS]: milliseconds from exec to the first record at a sink, as a reader of
`sage run` with io/console sees it, beside fork and exec of /bin/true; medians of interleaved rounds.
The plugins are in the cache, as they are for every run but the first."""

import os
import statistics
import subprocess
import sys
import tempfile
import time

PIPELINE = """sage = 1
[pipeline]
name = "first"
[[stage]]
id = "lines"
use = "io/file"
with = { path = "/usr/share/common-licenses/GPL-3" }
[[stage]]
id = "words"
use = "text/split"
[[stage]]
id = "out"
use = "io/console"
"""


def main():
    sage = sys.argv[1] if len(sys.argv) > 1 else "build/release/bin/sage"
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 21
    first, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "first.toml")
        with open(file, "w", encoding="utf-8") as pipeline:
            pipeline.write(PIPELINE)
        environment = {**os.environ, "XDG_CACHE_HOME": folder}
        subprocess.run([sage, "run", "-q", file], env=environment, check=True, stdout=subprocess.DEVNULL)
        for _ in range(rounds):
            start = time.perf_counter()
            subprocess.run(["/bin/true"], check=True)
            bare.append(time.perf_counter() - start)
            start = time.perf_counter()
            with subprocess.Popen([sage, "run", "-q", file], env=environment, stdout=subprocess.PIPE) as job:
                job.stdout.read(1)
                first.append(time.perf_counter() - start)
                job.stdout.read()
    print(f"first record {1000 * statistics.median(first):.1f} ms, "
          f"/bin/true {1000 * statistics.median(bare):.1f} ms, medians of {rounds} rounds")


if __name__ == "__main__":
    main()
