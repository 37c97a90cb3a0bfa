#!/usr/bin/env python3
"""Plugins of strangers, who have an installed SDK and not our sources: through CMake, pkg-config and
cargo. Each is one file with one export that runs where it is dropped beside a pipeline."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "cli"))
from headers import compilers  # noqa: E402
from shell import BUILD, SOURCE, SageTest  # noqa: E402

EXAMPLES = SOURCE / "sdk/examples"
# The first plugin that the README shows.
SHOUT = re.search(r"```cpp\n(.*?)```", (SOURCE / "README.md").read_text(), re.DOTALL).group(1)
LOUD = """sage = 1
[pipeline]
name = "loud"
[[stage]]
id  = "lines"
use = "io/stdin"
[[stage]]
id  = "words"
use = "text/split"
[[stage]]
id  = "loud"
use = "demo/shout"
[[stage]]
id  = "out"
use = "io/console"
"""
CPP_PROJECT = """cmake_minimum_required(VERSION 3.25)
project(demo LANGUAGES CXX)
foreach(version 1.1 2.0 0.9)
  find_package(SageSDK ${version} CONFIG QUIET)
  if(SageSDK_FOUND)
    message(FATAL_ERROR "takes ${SageSDK_VERSION} for ${version}")
  endif()
endforeach()
find_package(SageSDK 1.0 CONFIG REQUIRED)
sage_add_plugin(demo shout.cpp)
"""
C_PROJECT = """cmake_minimum_required(VERSION 3.25)
project(thermo LANGUAGES C)
set(CMAKE_C_STANDARD 99) # of the project's own; the SDK asks for C11
set(CMAKE_C_EXTENSIONS OFF)
find_package(SageSDK 1.0 CONFIG REQUIRED)
sage_add_plugin(thermo thermo.c)
"""
THERMO = (EXAMPLES / "c/thermo.c").read_text() + "#if __STDC_VERSION__ < 201112L\n#error\n#endif\n"
KILNS = ('{"kiln": "east", "heat": 2012}\n{"kiln": "west", "heat": 932}\n', '{"kiln":"east","heat":1100}\n')


def files(root):
    return {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}


class SdkTest(SageTest):
    """`self.sdk` is a copy of the installed tree; tools find it and nothing of ours."""

    def setUp(self):
        super().setUp()
        del self.environment["SAGE_PLUGIN_PATH"]
        self.sdk = self.folder / "moved/sdk"
        shutil.copytree(BUILD / "sdk", self.sdk)
        (pc,) = self.sdk.rglob("sage-sdk.pc")
        self.environment |= {"CMAKE_PREFIX_PATH": str(self.sdk), "PKG_CONFIG_PATH": str(pc.parent)}

    def run_tool(self, *command, cwd=None, **environment):
        done = subprocess.run(
            command, cwd=cwd or self.folder, env=self.environment | environment, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, f"{command}\n{done.stdout}")
        return done.stdout

    def check(self, file, pipeline, given, rows):
        """The plugin, dropped alone into plugins/ beside the pipeline, makes these rows."""
        exports = self.run_tool("nm", "-D", "--defined-only", file).splitlines()
        self.assertEqual([line.split()[-1] for line in exports], ["sage_plugin_main_v1"])
        self.assertIn("BIND_NOW", self.run_tool("readelf", "-dW", file))
        place = self.folder / "place"
        (place / "plugins").mkdir(parents=True)
        shutil.copyfile(file, place / "plugins/any.so")
        (place / "p.toml").write_text(pipeline)
        (place / "given").write_text(given)
        plugins = self.sage("plugin", "list", "--plugins", "plugins", "-o", "json", code=0, cwd=place).json
        found = [p["operators"] for p in plugins["plugins"] if p["file"] == str(place / "plugins/any.so")]
        self.assertEqual((len(found), plugins["refused"]), (1, []))
        with (place / "given").open() as stdin:
            self.assertEqual(self.sage("run", "p.toml", "-q", code=0, cwd=place, stdin=stdin).out, rows)
        shutil.rmtree(place)

    def check_shout(self, file):
        self.check(file, LOUD, "hello\nworld\n", '{"word":"HELLO!"}\n{"word":"WORLD!"}\n')

    def check_thermo(self, file):
        self.check(file, (EXAMPLES / "c/kilns.toml").read_text(), *KILNS)


class Tree(SdkTest):
    def test_the_tree_of_the_build_is_what_an_installation_gives_and_nothing_else(self):
        self.run_tool("cmake", "--install", BUILD, "--component", "sdk", "--prefix", self.folder / "new")
        self.assertEqual(files(self.folder / "new"), files(self.sdk))
        headers = {path.relative_to(SOURCE / "sdk") for path in (SOURCE / "sdk/include").rglob("*.h*")}
        self.assertEqual({path for path in files(self.sdk) if path.parts[0] == "include"}, headers)

    def test_no_file_names_a_place_that_it_came_from(self):
        for path, text in files(self.sdk).items():
            for place in (BUILD, SOURCE):
                self.assertNotIn(os.fsencode(place), text, path)


class FindPackage(SdkTest):
    def build(self, project, source, text, **tools):
        folder = self.folder / "project"
        folder.mkdir()
        (folder / "CMakeLists.txt").write_text(project)
        (folder / source).write_text(text)
        self.run_tool("cmake", "-S", folder, "-B", folder / "build", "-G", "Ninja", **tools)
        self.run_tool("cmake", "--build", folder / "build")
        shutil.move(folder / "build/plugins", self.folder / "made")
        shutil.rmtree(folder)

    def test_a_plugin_in_cpp(self):
        for _, cxx in compilers():
            self.build(CPP_PROJECT, "shout.cpp", SHOUT, CXX=cxx)
            self.check_shout(self.folder / "made/demo.so")
            shutil.rmtree(self.folder / "made")

    def test_a_plugin_in_c_in_a_project_without_cpp(self):
        for cc, _ in compilers():
            self.build(C_PROJECT, "thermo.c", THERMO, CC=cc)
            self.check_thermo(self.folder / "made/thermo.so")
            shutil.rmtree(self.folder / "made")


class PkgConfig(SdkTest):
    def test_its_variables_lead_to_what_is_there(self):
        values = {
            name: self.run_tool("pkg-config", f"--variable={name}", "sage-sdk").strip()
            for name in ("abi_major", "plugindir", "version_script", "libdir")
        }
        self.assertEqual(values["abi_major"], "1")
        self.assertEqual(values["plugindir"], values["libdir"] + "/sage/plugins/1")
        self.assertEqual(pathlib.Path(values["libdir"]).resolve(), self.sdk / "lib")
        self.assertIn("sage_plugin_main_v1", pathlib.Path(values["version_script"]).read_text())
        self.assertEqual(self.run_tool("pkg-config", "--modversion", "sage-sdk").strip(), "1.0")

    def test_the_example_in_c(self):
        shutil.copytree(EXAMPLES / "c", self.folder / "c", ignore=shutil.ignore_patterns("plugins"))
        for cc, _ in compilers():
            self.run_tool("make", "-B", f"CC={cc}", "CFLAGS=-Wall -Wextra -Werror", cwd=self.folder / "c")
            self.assertIn("1 passed", self.run_tool("make", "test", cwd=self.folder / "c"))
            self.check_thermo(self.folder / "c/plugins/thermo.so")

    def test_a_plugin_in_cpp_by_one_command(self):
        self.write("shout.cpp", SHOUT)
        flags = self.run_tool("pkg-config", "--cflags", "--libs", "sage-sdk").split()
        for _, cxx in compilers():
            self.run_tool(cxx, "-std=c++20", "-shared", "-fPIC", "shout.cpp", "-o", "shout.so", *flags)
            self.check_shout(self.folder / "shout.so")


class Cargo(SdkTest):
    def setUp(self):
        super().setUp()
        home = pathlib.Path(os.environ.get("CARGO_HOME", pathlib.Path.home() / ".cargo"))
        self.cargo = shutil.which("cargo") or shutil.which("cargo", path=home / "bin")
        rustup = os.environ.get("RUSTUP_HOME", str(pathlib.Path.home() / ".rustup"))
        self.environment |= {"RUSTUP_HOME": rustup, "CARGO_HOME": str(self.folder / "cargo")}
        shutil.copytree(EXAMPLES / "rust", self.folder / "rust", ignore=shutil.ignore_patterns("target"))

    def build(self):
        command = [self.cargo or "false", "--version"]  # a cargo may be there and have no toolchain
        if subprocess.run(command, env=self.environment, capture_output=True, check=False).returncode:
            self.skipTest("there is no cargo that works here")
        self.run_tool(self.cargo, "build", "--release", "--offline", cwd=self.folder / "rust", RUSTFLAGS="-Dwarnings")

    def test_the_example_in_rust(self):
        self.build()
        library = self.folder / "rust/target/release/libmeasure.so"
        pipeline = (EXAMPLES / "rust/phrases.toml").read_text()
        self.check(library, pipeline, "Grüße\nGrüße!\n\n", '{"line":"Grüße!","chars":6}\n')
        done = self.sage("test", "rust/phrases.toml", "--plugins", library.parent, code=0)
        self.assertIn("1 passed", done.out + done.err)

    def test_a_panic_fails_the_job_and_says_why(self):
        source = self.folder / "rust/src/lib.rs"
        head, count, tail = source.read_text().partition("text.chars().count()")
        self.assertTrue(count)
        source.write_text(head + 'assert!(!text.is_empty(), "nothing to count");' + count + tail)
        self.build()
        self.write("empty", "\n")
        with (self.folder / "empty").open() as stdin:
            flags = ("--plugins", "rust/target/release")
            done = self.sage("run", "rust/phrases.toml", *flags, code=1, stdin=stdin)
        self.assertRegex(done.err, r"(?m)^error\[SAGE-E\d+\]: .*nothing to count", done)

    def test_the_bindings_have_the_layout_and_numbers_of_the_headers(self):
        facts = (self.sdk / "share/sage/abi/1.0.facts").read_text()
        bindings = (EXAMPLES / "rust/src/abi.rs").read_text()
        structs = re.findall(r"struct (\w+) (\d+) \{(.*?)\}", bindings, re.DOTALL)
        self.assertGreater(len(structs), 10)
        for name, size, body in structs:
            self.assertRegex(facts, rf"(?m)^struct {name} {size} ")
            members = re.findall(r"(\d+) (?:r#)?(\w+):", body)
            want = re.findall(rf"(?m)^member {name}\.(\w+) at (\d+) ", facts)
            self.assertEqual([(m, at) for at, m in members], want, name)
        for name, value in re.findall(r"pub const (\w+): \w+ = (-?\d+);", bindings):
            self.assertRegex(facts, rf"(?m)^constant {name} {value}$")
        for name in re.findall(r'b"(sage\.[^"]*)"', (EXAMPLES / "rust/src/lib.rs").read_text()):
            self.assertIn(f'"{name}"\n', facts)


class Whole(SageTest):
    """An installation of all there is, which knows nothing of the build tree."""

    def test_it_runs_jobs_and_tests_plugins(self):
        prefix = self.folder / "prefix"
        del self.environment["SAGE_PLUGIN_PATH"]
        self.bash(f"cmake --install {BUILD} --prefix {prefix}")
        sage = prefix / "bin/sage"
        done = self.bash(f"cd {self.folder} && {sage} demo wordcount -o json")
        self.assertEqual((done.code, done.json["state"]), (0, "finished"), done)
        listed = self.bash(f"{sage} plugin list -o json").json
        (folder,) = {pathlib.Path(plugin["file"]).parent for plugin in listed["plugins"]}
        self.assertTrue(folder.is_relative_to(prefix), folder)
        self.assertEqual(self.bash(f"{sage} plugin test {folder}/text.so").code, 0)


if __name__ == "__main__":
    unittest.main()
