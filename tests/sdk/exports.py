#!/usr/bin/env python3
"""A plugin exports one symbol, needs none of ours, and says who it is without being run."""
import re
import struct
import subprocess
import sys


def tool(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def note_of(path):
    """Reads .note.sage as sage/note.h lays it out."""
    sections = tool("readelf", "-SW", path)
    found = re.search(r"\.note\.sage\s+\S+\s+\S+\s+([0-9a-f]+)\s+([0-9a-f]+)", sections)
    if not found:
        return None
    offset, size = (int(n, 16) for n in found.groups())
    with open(path, "rb") as file:
        file.seek(offset)
        data = file.read(size)
    name_size, desc_size, kind = struct.unpack_from("<III", data)
    text = lambda at, width: data[at:at + width].split(b"\0")[0].decode()
    return {"name": text(12, 8), "name_size": name_size, "desc_size": desc_size, "type": kind,
            "abi_built": struct.unpack_from("<I", data, 20)[0], "size": size,
            "id": text(32, 64), "version": text(96, 32)}


def main():
    path = sys.argv[1]
    expect = {"exports": ["sage_plugin_main_v1"], "unique": [], "ours": [], "build id": True}
    exports = [line.split()[-1] for line in tool("nm", "-D", "--defined-only", path).splitlines()]
    undefined = tool("nm", "-D", "--undefined-only", path).split()
    got = {"exports": exports,
           "unique": [s for s in tool("nm", path).splitlines() if re.search(r" u ", s)],
           "ours": [s for s in undefined if s.startswith("sage_") or "4sage" in s],
           "build id": "Build ID" in tool("readelf", "-n", path)}
    note = note_of(path)
    expect["note"] = {"name": "SAGE", "name_size": 5, "desc_size": 108, "type": 1, "abi_built": 0x10000,
                      "size": 128, "id": "toy", "version": "1.2.3"}
    got["note"] = note
    bad = [key for key in expect if got[key] != expect[key]]
    for key in bad:
        print(f"{key}: expected {expect[key]}, got {got[key]}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
