#pragma once
// How many CPUs this process may use. [any]

#include <cstdint>
#include <string>

namespace sage {

// The CPUs of its affinity mask, or what the quota of its control group comes to if that is less;
// at least 1.
std::uint32_t usable_cpus();

// CPUs that a quota comes to, rounded up; 0: there is none. Of cgroup v2's `cpu.max` ("150000
// 100000", "max 100000").
std::uint32_t quota_cpus(const std::string& cpu_max);

}  // namespace sage
