#include "base/cpus.hpp"

#include <sched.h>

#include <catch2/catch.hpp>

namespace sage {

TEST_CASE("cpus: a quota is rounded up to whole CPUs, and there may be none", "[base]") {
  CHECK(quota_cpus("200000 100000") == 2);
  CHECK(quota_cpus("150000 100000\n") == 2);
  CHECK(quota_cpus("1000 100000") == 1);
  CHECK(quota_cpus("max 100000") == 0);
  CHECK(quota_cpus("-1 100000") == 0);
  CHECK(quota_cpus("") == 0);
}

TEST_CASE("cpus: a process that is confined to one CPU uses one", "[base]") {
  cpu_set_t before;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  CHECK(usable_cpus() >= 1);
  CHECK(usable_cpus() <= static_cast<std::uint32_t>(CPU_COUNT(&before)));
  cpu_set_t one;
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before))
      CPU_SET(cpu, &one);
  }
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(usable_cpus() == 1);
  sched_setaffinity(0, sizeof before, &before);
}

}  // namespace sage
