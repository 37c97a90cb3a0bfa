#!/usr/bin/env python3
"""Who may include whom (ARCHITECTURE.md), and third parties only in their room, out of its headers."""

import os
import pathlib
import re

import tree

# What each room may include directly; what those may include, it may include too.
MAY_USE = {
    "sdk": [],
    "base": [],
    "spec": ["base"],
    "schema": ["base", "sdk"],
    "plan": ["spec", "schema"],
    "state": ["base"],
    "plugin": ["schema", "state", "sdk"],
    "flow": ["plugin", "sdk"],
    "wire": ["schema", "flow"],
    "protocol": ["base"],
    "net": ["flow", "wire", "protocol"],
    "conformance": ["flow", "plan"],
    "runtime": ["net", "plan", "protocol", "plugin"],
    "cluster": ["plan", "protocol"],
    "nodes": ["runtime", "cluster", "conformance"],
    "plugins": ["sdk"],
}
CORE_ROOMS = set(MAY_USE) - {"sdk", "nodes", "plugins"}

# The start of a third party's include -> the rooms whose .cpp files may name it. A plugin may use
# what it likes except what is reserved for one room of the engine.
THIRD_PARTY = {
    "toml++/": {"spec"},
    "boost/dll": {"plugin"},
    "capnp/": {"wire"},
    "kj/": {"wire"},
    "zmq": {"net"},
    "hiredis/": {"cluster"},
    "spdlog/": {"base"},
    "fmt/": CORE_ROOMS | {"nodes"},
    "xxhash": {"base"},
    "sodium": {"plugin"},
    "CLI/": {"nodes"},
    "nlohmann/": {"nodes", "plugin", "plugins"},
    "httplib": {"nodes"},
    "simdjson": {"plugins"},
    "re2/": {"plugins"},
    "lua": {"plugins"},
    "zlib": {"plugins"},
    "zstd": {"plugins"},
    "curl/": {"plugins"},
    "catch2/": set(),
}
HEADERS_MAY_NAME = ("nlohmann/json_fwd.hpp",)

SYSTEM_FOLDERS = ("sys/", "linux/", "net/", "netinet/", "arpa/")
SYSTEM_HEADERS = set(
    """assert ctype dirent dlfcn elf errno fcntl float glob inttypes libgen limits link locale malloc
    math netdb poll pthread pwd sched setjmp signal spawn stdalign stdarg stdatomic stdbool stddef
    stdint stdio stdlib string strings syslog termios time unistd wchar cxxabi execinfo fnmatch grp
    emmintrin immintrin nmmintrin x86intrin""".split()
)

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.MULTILINE)
_ROOM_CALL = re.compile(r"sage_room\(\s*(\w+)([^)]*)\)")
_KEYWORDS = ("SOURCES", "USES", "PRIVATE_LIBS")


def reachable(room):
    found = {room}
    for used in MAY_USE[room]:
        found |= reachable(used)
    return found


def room_of(path):
    """The room a file belongs to: a folder of core, or sdk, plugins, nodes."""
    return path.parts[1] if path.parts[0] == "core" and len(path.parts) > 2 else path.parts[0]


def target_room(path, bracket, name):
    """The room of an included file of ours, or None where it is somebody else's."""
    first = name.split("/")[0]
    if first == "sage":
        return "sdk"
    if name.startswith("../"):
        return room_of(pathlib.Path(os.path.normpath(path.parent / name)))
    if first in CORE_ROOMS and "/" in name:
        return first
    return room_of(path) if bracket == '"' else None


def is_system(name):
    stem, _, suffix = name.rpartition(".")
    if "/" in name:
        return name.startswith(SYSTEM_FOLDERS)
    return "." not in name or (suffix == "h" and stem in SYSTEM_HEADERS)


def third_party_complaint(path, name):
    """What is wrong with naming this library in this file; None where nothing is."""
    room = room_of(path)
    known = next((start for start in THIRD_PARTY if name.startswith(start)), None)
    if room == "plugins" and (known is None or "plugins" in THIRD_PARTY[known]):
        return None
    if known is None:
        return f"unknown third party <{name}>: give it a room in tests/tidy/layers.py"
    if room not in THIRD_PARTY[known]:
        return f"<{name}> is not for {room}, only for {', '.join(sorted(THIRD_PARTY[known])) or 'tests'}"
    if path.suffix in {".h", ".hpp"} and room != "plugins" and name not in HEADERS_MAY_NAME:
        return f"<{name}> in a header: third parties stay inside the room's .cpp files"
    return None


def complaint(path, bracket, name):
    room = room_of(path)
    target = target_room(path, bracket, name)
    if target is None or any(name.startswith(start) for start in THIRD_PARTY):
        return None if is_system(name) else third_party_complaint(path, name)
    if target not in reachable(room):
        return f"{room} may not include {target} ({name})"
    return None


def uses_complaints(text):
    """Rooms that a sage_room() call names but that the room may not use."""
    for call in _ROOM_CALL.finditer(text):
        room, keyword = call.group(1), None
        for word in call.group(2).split():
            keyword = word if word in _KEYWORDS else keyword
            if keyword == "USES" and word != "USES" and word not in reachable(room):
                yield text.count("\n", 0, call.start()) + 1, f"{room} may not use {word}"


def check(root):
    folders = ("sdk", "core", "plugins", "nodes")
    for path in tree.files(root, folders, tree.CODE_SUFFIXES):
        text = tree.read(root, path)
        if room_of(path) not in MAY_USE:
            yield path, 1, f"{room_of(path)} is not a room of the architecture"
            continue
        for match in _INCLUDE.finditer(text):
            message = complaint(path, *match.groups())
            if message:
                yield path, text.count("\n", 0, match.start()) + 1, message
    for path in tree.files(root, ("core",), {".txt"}):
        for line, message in uses_complaints(tree.read(root, path)):
            yield path, line, message


if __name__ == "__main__":
    tree.main(check, __doc__)
