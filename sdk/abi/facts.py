#!/usr/bin/env python3
"""The layout of the C ABI as plain facts, one a line, and what may change between two versions.

  facts.py print [--headers DIR]                   the facts of the headers
  facts.py check [--headers DIR] [--baseline FILE] held against a released version

A struct that begins with `struct_size` may grow behind its end; everything else that is in the
baseline must stay as it is. New structs, constants and ids are free.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
HEADERS = ["schema.h", "abi/status.h", "abi/batch.h", "abi/context.h", "abi/operator.h", "plugin.h",
           "note.h", "ext/config.h", "ext/log.h", "ext/metrics.h", "ext/pipeline.h",
           "ext/roles.h", "ext/state.h", "ext/wait.h"]
QUALIFIERS = {"const", "struct", "unsigned", "signed"}


def squeeze(text):
    return re.sub(r"\s*\*\s*", " *", re.sub(r"\s+", " ", text)).replace("* *", "**").strip()


def without_name(parameter):
    """`const char *id` -> `const char *`: names of parameters are no part of the ABI."""
    parameter = squeeze(parameter)
    words = [w for w in re.findall(r"\w+|\*", parameter) if w not in QUALIFIERS]
    if len(words) > 1 and words[-1] != "*":
        parameter = squeeze(re.sub(r"\w+$", "", parameter))
    return parameter


def split_member(text):
    """A member's declaration -> (name, type)."""
    text = squeeze(text)
    function = re.match(r"(.+?)\(\s*\*\s*(\w+)\s*\)\s*\((.*)\)$", text)
    if function:
        result, name, parameters = function.groups()
        types = ", ".join(without_name(p) for p in parameters.split(","))
        return name, f"{squeeze(result)} (*)({types})"
    plain = re.match(r"(.+?)(\w+)((?:\[[^\]]*\])*)$", text)
    return plain.group(2), squeeze(plain.group(1)) + plain.group(3)


def read_declarations(text):
    """Structs {name: [(member, type)]}, names of constants, ids, other declarations."""
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.S)
    texts = dict(re.findall(r'^#define[ \t]+(SAGE_\w+)[ \t]+("[^"]*")[ \t]*$', text, flags=re.M))
    constants = [name for name, value in re.findall(r"^#define[ \t]+(SAGE_\w+)[ \t]+(\S.*)$", text, flags=re.M)
                 if name not in texts and "__attribute__" not in value]
    text = re.sub(r"^#.*$", "", text, flags=re.M)
    structs = {}
    for name, body in re.findall(r"typedef struct (\w+) \{(.*?)\} \1;", text, flags=re.S):
        structs[name] = [split_member(m) for m in body.split(";") if m.strip()]
    for body in re.findall(r"enum \{(.*?)\};", text, flags=re.S):
        constants += re.findall(r"(SAGE_\w+)\s*=", body)
    others = [squeeze(d) for d in re.findall(r"typedef [^{};]*;|SAGE_EXPORT [^{};]*;", text)]
    return structs, constants, texts, others


def read_headers(folder):
    structs, constants, texts, others = {}, [], {}, []
    for header in HEADERS:
        one = read_declarations((folder / "sage" / header).read_text())
        structs.update(one[0])
        constants += one[1]
        texts.update(one[2])
        others += one[3]
    return structs, constants, texts, others


def measure(folder, structs, constants):
    """Asks the compiler for sizes, offsets and values."""
    lines = [f'#include "sage/{header}"' for header in HEADERS]
    lines += ["#include <stdio.h>", "int main(void) {"]
    for name, members in structs.items():
        lines.append(f'printf("size {name} %zu\\n", sizeof({name}));')
        for member, _ in members:
            lines.append(f'printf("at {name}.{member} %zu %zu\\n", offsetof({name}, {member}), '
                         f"sizeof((({name} *)0)->{member}));")
    for name in constants:
        lines.append(f'printf("value {name} %lld\\n", (long long)({name}));')
    lines.append("return 0; }")
    with tempfile.TemporaryDirectory() as work:
        source = pathlib.Path(work, "facts.c")
        source.write_text("\n".join(lines) + "\n")
        program = pathlib.Path(work, "facts")
        compiler = os.environ.get("CC", "cc")
        subprocess.run([compiler, "-std=c11", f"-I{folder}", source, "-o", program], check=True)
        return subprocess.run([program], check=True, capture_output=True, text=True).stdout


def facts_of(folder):
    structs, constants, texts, others = read_headers(folder)
    types = {f"{name}.{member}": kind for name, members in structs.items() for member, kind in members}
    facts = []
    for line in measure(folder, structs, constants).splitlines():
        kind, name, *numbers = line.split()
        if kind == "size":
            grows = structs[name][0] == ("struct_size", "uint32_t")
            facts.append(f"struct {name} {numbers[0]} {'grows' if grows else 'frozen'}")
        elif kind == "at":
            facts.append(f"member {name} at {numbers[0]} size {numbers[1]} {types[name]}")
        else:
            facts.append(f"constant {name} {numbers[0]}")
    facts += [f"id {name} {value}" for name, value in texts.items()]
    facts += [f"declaration {text}" for text in others]
    return facts


def complaints(baseline, current):
    sizes = {f.split()[1]: int(f.split()[2]) for f in baseline if f.startswith("struct ")}
    now = {f.split()[1]: f.split()[2:] for f in current if f.startswith("struct ")}
    bad = []
    for fact in baseline:
        words = fact.split()
        if words[0] == "struct" and words[3] == "grows" and words[1] in now:
            size, rule = now[words[1]]
            if int(size) < int(words[2]) or rule != "grows":
                bad.append(f"shrank or lost struct_size: {fact}")
        elif words[0] == "constant" and words[1] == "SAGE_ABI_VERSION":
            continue  # the minor number grows with every addition
        elif fact not in current:
            bad.append(f"gone or changed: {fact}")
    for fact in current:
        words = fact.split()
        if words[0] != "member" or fact in baseline:
            continue
        owner = words[1].split(".")[0]
        if owner in sizes and int(words[3]) < sizes[owner]:
            bad.append(f"not behind the end of the released struct: {fact}")
    return bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("verb", choices=["print", "check"])
    parser.add_argument("--headers", type=pathlib.Path, default=HERE.parent / "include")
    parser.add_argument("--baseline", type=pathlib.Path, default=HERE / "1.0.facts")
    arguments = parser.parse_args()
    current = facts_of(arguments.headers)
    if arguments.verb == "print":
        print("\n".join(current))
        return 0
    bad = complaints(arguments.baseline.read_text().splitlines(), current)
    for line in bad:
        print(line)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
