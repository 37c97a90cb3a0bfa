#!/usr/bin/env python3
"""Every ABI header stands alone in every C and C++ standard it promises, with gcc and clang; the C++
layer's headers stand alone, too, and compile with clang and as C++23."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys

REPO = pathlib.Path(os.environ.get("REPO", pathlib.Path(__file__).resolve().parents[2]))
INCLUDE = REPO / "sdk" / "include"
C_STANDARDS = ["c11", "c17"]
CXX_STANDARDS = ["c++11", "c++14", "c++17", "c++20", "c++2b"]
STRICT = ["-Wall", "-Wextra", "-pedantic", "-Werror", "-fsyntax-only", f"-I{INCLUDE}"]


def compilers():
    """[(C compiler, C++ compiler)]; a clang is wanted, an old one does."""
    found = [("gcc", "g++")]
    for suffix in ["-19", "-18", "-17", "-16", "-15", "-14", ""]:
        if shutil.which("clang" + suffix) and shutil.which("clang++" + suffix):
            return found + [("clang" + suffix, "clang++" + suffix)]
    print("note: no clang here, only gcc was tried")
    return found


def jobs():
    headers = sorted(INCLUDE.rglob("*.h"))
    for c, cxx in compilers():
        for header in headers:
            name = header.relative_to(INCLUDE)
            for standard in C_STANDARDS:
                yield [c, f"-std={standard}", "-xc"], name
            for standard in CXX_STANDARDS:
                yield [cxx, f"-std={standard}", "-xc++"], name
        for name in ["sage/plugin.hpp", "sage/testkit.hpp"]:
            for standard in ["c++20", "c++2b"]:
                yield [cxx, f"-std={standard}", "-xc++"], name
    for header in sorted(INCLUDE.rglob("*.hpp")):
        yield ["g++", "-std=c++20", "-Wshadow", "-xc++"], header.relative_to(INCLUDE)


def compile_one(job):
    command, name = job
    result = subprocess.run([*command, *STRICT, "-"], input=f"#include <{name}>\n",
                            capture_output=True, text=True)
    return f"{' '.join(command)} {name}\n{result.stderr}" if result.returncode != 0 else ""


def main():
    work = list(jobs())
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        failures = [text for text in pool.map(compile_one, work) if text]
    print("\n".join(failures) + f"\n{len(work)} compilations, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
