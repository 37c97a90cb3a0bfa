import unittest

import packages
import tree


class Packages(unittest.TestCase):
    def found(self, contents):
        return tree.findings(packages.check, contents)

    def test_what_is_looked_for_must_be_installed(self):
        wanted = "find_package(Catch2 2 REQUIRED)\npkg_check_modules(re2 REQUIRED GLOBAL re2)\n"
        self.assertEqual(
            self.found({"packaging/deps.sh": "catch2", "tests/CMakeLists.txt": wanted}),
            ["tests/CMakeLists.txt:2"],
        )
        self.assertEqual(
            self.found({"packaging/deps.sh": "catch2 libre2-dev", "CMakeLists.txt": wanted}), []
        )

    def test_a_package_without_a_name_in_debian_is_a_finding(self):
        self.assertEqual(
            self.found({"packaging/deps.sh": "", "CMakeLists.txt": "find_package(Nix)"}),
            ["CMakeLists.txt:1"],
        )

    def test_our_own_sdk_is_no_package_of_debian(self):
        self.assertEqual(
            self.found({"packaging/deps.sh": "", "CMakeLists.txt": "find_package(SageSDK 1.0)"}), []
        )


if __name__ == "__main__":
    unittest.main()
