#!/usr/bin/env python3
"""The released facts hold for our headers, and the check tells growth from breakage (on copies)."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

REPO = pathlib.Path(os.environ.get("REPO", pathlib.Path(__file__).resolve().parents[2]))
FACTS = REPO / "sdk" / "abi" / "facts.py"

# (what is done, header, pattern, replacement, still compatible?)
CHANGES = [
    ("append to a growing struct", "abi/batch.h", r"(struct sage_batch \{.*?)(\} sage_batch;)",
     r"\1  uint64_t added;\n\2", True),
    ("append to a role table", "ext/roles.h", r"(struct sage_role_sink \{.*?)(\} sage_role_sink;)",
     r"\1  void (*added)(void *self);\n\2", True),
    ("add a constant", "abi/status.h", r"(SAGE_E_TOO_LARGE = -12)", r"\1, SAGE_E_ADDED = -13", True),
    ("add a struct", "ext/wait.h", r"(#define SAGE_HOST_WAIT)", r"typedef struct sage_added { int32_t a; } sage_added;\n\1",
     True),
    ("rename a parameter", "abi/batch.h", r"uint32_t port, uint32_t n, uint64_t bytes,",
     "uint32_t port, uint32_t rows, uint64_t bytes,", True),
    ("insert into a growing struct", "abi/batch.h", r"(struct sage_batch \{.*?)(  const sage_record ?\* ?records;)",
     r"\1  uint64_t added;\n\2", False),
    ("fill the padding of a growing struct", "abi/batch.h", r"(struct sage_slab \{.*?)  uint32_t reserved0;",
     r"\1  uint16_t reserved0;\n  uint16_t added;", False),
    ("retype a member", "abi/batch.h", r"uint32_t max_records;", "int32_t max_records;", False),
    ("retype a parameter", "abi/batch.h", r"uint32_t port, int64_t ts\);", "uint32_t port, uint64_t ts);",
     False),
    ("rename a member", "schema.h", r"uint32_t ptr_words;", "uint32_t pointer_words;", False),
    ("swap two members of one type", "abi/batch.h", r"uint32_t off;\n  uint32_t len;\n  uint32_t buf;",
     "uint32_t len;\n  uint32_t off;\n  uint32_t buf;", False),
    ("append to a frozen struct", "abi/batch.h", r"(  uint32_t len;\n)(\} sage_key;)", r"\1  uint32_t added;\n\2",
     False),
    ("change an enum constant", "abi/status.h", r"SAGE_IDLE = 4", "SAGE_IDLE = 6", False),
    ("change a macro constant", "abi/batch.h", r"(SAGE_BATCH_WRITABLE\s+(?:\\\n)?\s*)1u", r"\g<1>2u", False),
    ("change an id", "ext/state.h", r"(#define SAGE_HOST_STATE )\S+", r'\1"sage.host.state/2"', False),
    ("drop a constant", "abi/status.h", r"SAGE_E_UNSUPPORTED = -4,", "", False),
]


def check(headers):
    return subprocess.run([sys.executable, FACTS, "check", "--headers", headers],
                          capture_output=True, text=True)


def main():
    result = check(REPO / "sdk" / "include")
    failed = result.returncode != 0
    if failed:
        print("the headers no longer keep sdk/abi/1.0.facts:\n" + result.stdout + result.stderr)
    for name, header, pattern, replacement, compatible in CHANGES:
        with tempfile.TemporaryDirectory() as work:
            shutil.copytree(REPO / "sdk" / "include", work, dirs_exist_ok=True)
            path = pathlib.Path(work, "sage", header)
            text, count = re.subn(pattern, replacement, path.read_text(), count=1, flags=re.S)
            path.write_text(text)
            result = check(work)
        good = count == 1 and (result.returncode == 0) == compatible and not result.stderr
        print(f"{'ok' if good else 'FAILED'}: {name}: {'green' if result.returncode == 0 else 'red'}"
              f" {result.stdout.splitlines()[:1]}")
        if not good:
            failed = True
            print(f"  edits: {count}\n{result.stdout}{result.stderr}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
