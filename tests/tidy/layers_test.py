import unittest

import layers
import tree


def lines(*includes):
    return "".join(f"#include {name}\n" for name in includes)


class Layers(unittest.TestCase):
    def found(self, contents):
        return tree.findings(layers.check, contents)

    def test_a_room_may_include_what_lies_below_it(self):
        good = {
            "sdk/include/sage/ext/log.h": lines('"../plugin.h"', "<stdint.h>"),
            "core/flow/chain.cpp": lines('"flow/chain.hpp"', '"base/log.hpp"', "<sage/plugin.h>", "<vector>"),
            "core/spec/toml.cpp": lines("<toml++/toml.h>", "<sys/stat.h>"),
            "nodes/cli/run.cpp": lines('"cli/run.hpp"', '"plan/plan.hpp"', "<CLI/CLI.hpp>"),
            "plugins/text/regex.cpp": lines("<sage/operator.hpp>", "<re2/re2.h>", "<some/library.h>"),
        }
        self.assertEqual(self.found(good), [])

    def test_a_room_may_not_include_what_lies_above_or_beside_it(self):
        for path, include in [
            ("core/base/log.cpp", '"spec/pipeline.hpp"'),
            ("core/spec/lint.cpp", '"schema/schema.hpp"'),
            ("core/state/group.cpp", "<sage/plugin.h>"),
            ("core/plan/plan.cpp", '"plugin/registry.hpp"'),
            ("core/schema/a.cpp", '"../../nodes/cli/run.hpp"'),
            ("plugins/io/file.cpp", '"base/log.hpp"'),
            ("sdk/include/sage/batch.hpp", '"flow/batch.hpp"'),
        ]:
            self.assertEqual(self.found({path: "\n" + lines(include)}), [f"{path}:2"])

    def test_a_third_party_stays_in_its_room_and_out_of_headers(self):
        for path, include in [
            ("core/plan/plan.cpp", "<toml++/toml.h>"),
            ("core/spec/toml.hpp", "<toml++/toml.h>"),
            ("plugins/io/file.cpp", "<boost/dll.hpp>"),
            ("sdk/include/sage/testkit.hpp", "<catch2/catch.hpp>"),
            ("sdk/include/sage/testkit.hpp", '"catch2/catch.hpp"'),
            ("core/base/log.cpp", "<brand/new.hpp>"),
            ("core/base/log.cpp", "<zlib.h>"),
        ]:
            self.assertEqual(self.found({path: lines(include)}), [f"{path}:1"])

    def test_the_build_files_obey_too_and_no_room_is_invented(self):
        build = "sage_room(state SOURCES a.cpp\n  USES base flow PRIVATE_LIBS x)\n"
        self.assertEqual(self.found({"core/state/CMakeLists.txt": build}), ["core/state/CMakeLists.txt:1"])
        self.assertEqual(self.found({"core/common/text.cpp": ""}), ["core/common/text.cpp:1"])


if __name__ == "__main__":
    unittest.main()
