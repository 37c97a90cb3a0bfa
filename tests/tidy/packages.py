#!/usr/bin/env python3
"""Every package that the build looks for is one that packaging/deps.sh installs."""

import pathlib
import re

import tree

# What CMake calls it -> Debian's package.
DEBIAN = {
    "Boost": "libboost1.81-dev",
    "CLI11": "libcli11-dev",
    "CapnProto": "libcapnp-dev",
    "Catch2": "catch2",
    "PkgConfig": "pkg-config",
    "Python3": "python3",
    "ccache": "ccache",
    "cppzmq": "cppzmq-dev",
    "libsodium": "libsodium-dev",
    "lua5.4": "liblua5.4-dev",
    "nlohmann_json": "nlohmann-json3-dev",
    "re2": "libre2-dev",
    "simdjson": "libsimdjson-dev",
}
OURS = {"SageSDK"}  # what examples of the SDK look for, as strangers do
DEPS = "packaging/deps.sh"
EXAMPLES = pathlib.PurePath("sdk/examples")
_LOOKS_FOR = re.compile(
    r"find_package\((\w+)|find_program\(\w+ ([\w.+-]+)"
    r"|pkg_check_modules\(\w+(?: REQUIRED| IMPORTED_TARGET| GLOBAL)* ([\w.+-]+)"
)


def check(root):
    installed = set(re.findall(r"[\w.+-]+", tree.read(root, DEPS)))
    for path in tree.files(root, (*tree.OUR_FOLDERS, "."), {".txt", ".cmake"}):
        if EXAMPLES in path.parents:  # which look for what this repository makes
            continue
        for line, text in enumerate(tree.read(root, path).splitlines(), 1):
            for match in _LOOKS_FOR.finditer(text):
                name = next(group for group in match.groups() if group)
                package = DEBIAN.get(name)
                if name in OURS:
                    continue
                if package is None:
                    yield path, line, f"which Debian package has {name}? Add it to DEBIAN"
                elif package not in installed:
                    yield path, line, f"{DEPS} does not install {package}"


if __name__ == "__main__":
    tree.main(check, __doc__)
