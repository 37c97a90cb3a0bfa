#include "plugin/version.hpp"

#include <catch2/catch.hpp>

namespace sage::plugin {

TEST_CASE("versions are compared number by number", "[plugin]") {
  CHECK(compare_versions("1.10.0", "1.9.9") > 0);
  CHECK(compare_versions("2", "10") < 0);
  CHECK(compare_versions("1.2", "1.2.0") == 0);
  CHECK(compare_versions("1.02.0", "1.2") == 0);
  CHECK(compare_versions("99999999999999999999.1", "99999999999999999998.2") > 0);
  CHECK(compare_versions("2.0.0-rc1", "2.0.0") < 0);
  CHECK(compare_versions("2.0.0-rc2", "2.0.0-rc1") > 0);
  CHECK(compare_versions("2.0.0+build7", "2.0.0") == 0);
}

TEST_CASE("a pin takes all versions that begin with its numbers", "[plugin]") {
  CHECK(matches_pin("1.2.7", "1.2"));
  CHECK(matches_pin("1.2", "1.2"));
  CHECK(matches_pin("1.2.7", "1"));
  CHECK_FALSE(matches_pin("1.20.0", "1.2"));
  CHECK_FALSE(matches_pin("1.2.7", "1.2.8"));
  CHECK_FALSE(matches_pin("1.2", "1.2.1"));
  CHECK(matches_pin("1.2.0-rc1", "1.2.0-rc1"));
  CHECK_FALSE(matches_pin("1.2.0", "1.2.0-rc1"));
}

TEST_CASE("versions have a form", "[plugin]") {
  for (const char* good : {"1", "1.2", "1.2.0", "0.0.1", "1.2.0-rc.1", "1.0+git-abc"}) {
    CHECK(is_version(good));
  }
  for (const char* bad : {"", ".", "1.", ".1", "1..2", "v1", "1.2-", "1.2 ", "1.2-a_b", "-1",
                          "1.2.3.4.5.6.7.8.9.10.11.12.13.14"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_version(bad));
  }
}

}  // namespace sage::plugin
