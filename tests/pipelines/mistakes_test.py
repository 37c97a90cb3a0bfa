#!/usr/bin/env python3
"""What compilers say of wrong programs: one error each, in words of ours."""

import concurrent.futures
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "sdk"))
from headers import INCLUDE, compilers  # noqa: E402

HEAD = """
struct Click { std::string user; std::int64_t n = 0; std::vector<std::string> tags; };
SAGE_RECORD(Click, user, n, tags);
struct Other { std::string text; };
SAGE_RECORD(Other, text);
struct Plain { std::string text; };
"""
# In braces: what the program is; `clicks` is a stream of Click. And what the message begins with.
MISTAKES = {
    "a map of another record": (
        "clicks.map([](const Other& o) { return o; }).sink<sage::io::NullSink>();", "sage: map() takes"),
    "a map that gives an int": (
        "clicks.map([](const Click&) { return 1; }).filter([](const Click&) { return true; }).key_by(&Click::n)"
        '.use<Other>("text/split", {{"field", "user"}}).sink<sage::io::NullSink>();', "sage: map() takes"),
    "a map that gives a plain struct": (
        "clicks.map([](const Click& c) { return Plain{c.user}; }).errors().sink<sage::io::NullSink>();",
        "sage: map() takes"),
    "a map class of another record": (
        "struct F : sage::MapFunction<Other, Other> { Other map(const Other& o) override { return o; } };"
        "clicks.map<F>({.parallelism = 2}).sink<sage::io::NullSink>();", "sage: map() takes"),
    "a map that cannot be copied": (
        "struct F : sage::MapFunction<Click, Click> { std::unique_ptr<int> p;"
        " Click map(const Click& c) override { return c; } };"
        "clicks.map(F()).sink<sage::io::NullSink>();", "sage: an object is copied"),
    "a map that cannot be made of nothing": (
        "struct F : sage::MapFunction<Click, Click> { explicit F(int) {}"
        " Click map(const Click& c) override { return c; } };"
        "clicks.map<F>().sink<sage::io::NullSink>();", "sage: a type without a default"),
    "a filter of another record": (
        "clicks.filter([](const Other&) { return true; }).sink<sage::io::NullSink>();", "sage: filter() takes"),
    "a filter that gives a text": (
        "clicks.filter([](const Click& c) { return c.user; }).sink<sage::io::NullSink>();", "sage: filter() takes"),
    "a flat_map of another record": (
        "clicks.flat_map([](const Other& o, sage::Collector<Other>& out) { out.collect(o); })"
        ".sink<sage::io::NullSink>();", "sage: flat_map() and process() take"),
    "a process of another record": (
        "struct F : sage::ProcessFunction<Other, Other> {"
        " void process(const Other&, sage::Collector<Other>&) override {} };"
        "clicks.process<F>().sink<sage::io::NullSink>();", "sage: flat_map() and process() take"),
    "a sink of another record": ("clicks.sink([](const Other&) {});", "sage: sink() takes"),
    "a file sink of another record": (
        'clicks.sink(sage::io::FileSink<Other>("out/"));', "sage: the sink takes records of another type"),
    "a partitioner of another record": (
        "struct P : sage::Partitioner<Other> {"
        " std::uint32_t partition(const Other&, std::uint32_t) const override { return 0; } };"
        "clicks.partition_custom<P>({.parallelism = 2}).map([](const Click& c) { return c; })"
        ".sink<sage::io::NullSink>();", "sage: partition_custom() takes"),
    "a member of another type": ("BAD{ int n; std::string s; }; SAGE_RECORD(Bad, n, s);", "SAGE_RECORD: a member is"),
    "a list of another type": ("BAD{ std::vector<int> n; }; SAGE_RECORD(Bad, n);", "SAGE_RECORD: a member is"),
    "a source of a plain struct": (
        'env.from_source(sage::io::FileSource<Plain>("in/")).filter([](const Plain&) { return true; })'
        ".sink<sage::io::NullSink>();", "sage: what a stream carries"),
    "an operator that gives a plain struct": (
        'clicks.use<Plain>("text/split").sink<sage::io::NullSink>();', "sage: what a stream carries"),
    "something that is no source": (
        'env.from_source(Other{"in/"}).sink<sage::io::NullSink>();', "sage: from_source() takes"),
    "a list as a key": (
        "clicks.key_by(&Click::tags).map([](const Click& c) { return c; }).sink<sage::io::NullSink>();",
        "sage: key_by() takes members"),
    "a member of another struct as a key": (
        "clicks.key_by(&Other::text).map([](const Click& c) { return c; }).sink<sage::io::NullSink>();",
        "sage: key_by() takes members"),
    "a key that is computed as a double": (
        "clicks.key_by([](const Click&) { return 0.5; }).map([](const Click& c) { return c; })"
        ".sink<sage::io::NullSink>();", "sage: key_by() takes members, or a function"),
    "a union with another stream": (
        "clicks.union_with(clicks.map([](const Click& c) { return Other{c.user}; }))"
        ".sink<sage::io::NullSink>();", "sage: union_with() takes"),
    "a record without a default constructor": (
        "BAD{ explicit Bad(std::int64_t m) : n(m) {} std::int64_t n; }; SAGE_RECORD(Bad, n);",
        "sage: what a stream carries"),
    "state that points elsewhere": (
        "struct F : sage::MapFunction<Click, Click> { sage::KeyedState<std::string_view> s;"
        ' void open(sage::RuntimeContext& c) override { s = c.keyed_state<std::string_view>("s"); }'
        " Click map(const Click& c) override { s.get() = c.user; return c; } };"
        "clicks.key_by(&Click::user).map<F>().sink<sage::io::NullSink>();", "sage: keyed_state<T>: T is kept"),
    "state of a plain struct": (
        "struct F : sage::MapFunction<Click, Click> { sage::KeyedState<Plain> s;"
        ' void open(sage::RuntimeContext& c) override { s = c.keyed_state<Plain>("s"); }'
        " Click map(const Click& c) override { s.get(); return c; } };"
        "clicks.key_by(&Click::user).map<F>().sink<sage::io::NullSink>();", "sage: KeyedState<T>: T is"),
}  # fmt: skip
NO_MISTAKE = "clicks.key_by(&Click::n, &Click::user).map([](const Click& c) { return c; }).sink<sage::io::NullSink>();"


def program(body):
    before = ""
    if body.startswith("BAD"):
        before, body = "struct Bad " + body[3:], (
            'env.from_source(sage::io::FileSource<Bad>("in/")).map([](const Bad& b) { return b; })'
            ".sink<sage::io::NullSink>();")  # fmt: skip
    elif body.startswith("struct"):  # ends where its braces do
        end = body.index("};") + 2
        while body[:end].count("{") > body[:end].count("}"):
            end = body.index("};", end) + 2
        before, body = body[:end], body[end:]
    return HEAD + before + f"""
SAGE_PIPELINE(env) {{
  const auto clicks = env.from_source(sage::io::FileSource<Click>("in/"));
  {body}
}}
"""


class Compiler:
    """With the header compiled before, so that each program takes half a second."""

    def __init__(self, command, folder):
        self.folder = pathlib.Path(folder)
        self.flags = [command, "-std=c++20", f"-I{INCLUDE}", '-DSAGE_PIPELINE_ID="program"']
        is_clang = "clang" in command
        made = self.folder / ("all.pch" if is_clang else "all.hpp.gch")
        (self.folder / "all.hpp").write_text("#include <sage/sage.hpp>\n")
        subprocess.run([*self.flags, "-xc++-header", self.folder / "all.hpp", "-o", made], check=True)
        self.before = ["-include-pch", made] if is_clang else ["-include", self.folder / "all.hpp"]

    def errors(self, body):
        done = subprocess.run(
            [*self.flags, *self.before, "-fsyntax-only", "-xc++", "-"],
            input=program(body), text=True, capture_output=True, check=False)  # fmt: skip
        return [line for line in done.stderr.splitlines() if "error: " in line]


class Mistakes(unittest.TestCase):
    def test_each_mistake_is_one_readable_error(self):
        for _, command in compilers():
            with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(2) as pool:
                compiler = Compiler(command, folder)
                self.assertEqual(compiler.errors(NO_MISTAKE), [])
                bodies = [body for body, _ in MISTAKES.values()]
                for (name, (_, message)), errors in zip(MISTAKES.items(), pool.map(compiler.errors, bodies)):
                    with self.subTest(name, compiler=command):
                        self.assertEqual(len(errors), 1, "\n".join(errors))
                        self.assertIn(": " + message, errors[0])


if __name__ == "__main__":
    unittest.main()
