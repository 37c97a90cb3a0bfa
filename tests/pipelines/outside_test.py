#!/usr/bin/env python3
"""The examples as strangers have them: a folder of their own, an installed SDK, and no sources of
ours."""

import shutil
import unittest

from program import BUILD, SOURCE, ProgramTest


class Outside(ProgramTest):
    def test_the_examples_are_built_and_run_with_the_installed_sdk_alone(self):
        shutil.copytree(SOURCE / "sdk/examples/pipelines", self.folder / "mine")
        shutil.copytree(BUILD / "sdk", self.folder / "sdk")
        done = self.bash(
            "cmake -S mine -B made -G Ninja -DCMAKE_PREFIX_PATH=$PWD/sdk -DCMAKE_CXX_FLAGS=-Werror &&"
            " cmake --build made --target wordcount-launcher")
        self.assertEqual(done.code, 0, done)
        self.assertNotIn(str(SOURCE), (self.folder / "made/build.ninja").read_text())
        exports = self.bash("nm -D --defined-only made/libwordcount.so").out.split()
        self.assertEqual(exports[2:], ["sage_plugin_main_v1"])
        self.write("books/a.txt", "a b a")
        self.environment |= {"BOOKS": "books/", "OUT": "out/"}
        for run in ("sage run made/libwordcount.so", "made/wordcount", "cd made && BOOKS=../books OUT=../out ./wordcount"):
            done = self.bash(run)
            self.assertEqual(done.code, 0, done)
            self.assertEqual(self.sorted_rows("out"), [{"word": "a", "n": 2}, {"word": "b", "n": 1}])
            shutil.rmtree(self.folder / "out")


if __name__ == "__main__":
    unittest.main()
