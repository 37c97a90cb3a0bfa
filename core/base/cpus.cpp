#include "base/cpus.hpp"

#include <algorithm>
#include <fstream>
#include <sched.h>
#include <sstream>
#include <vector>

namespace sage {

namespace {

std::string read(const std::string& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::uint32_t affinity_cpus() {
  // The mask of a large machine does not fit the usual set.
  for (std::size_t cpus = 1024; cpus <= (1u << 20); cpus *= 4) {
    cpu_set_t* set = CPU_ALLOC(cpus);
    const std::size_t size = CPU_ALLOC_SIZE(cpus);
    const bool known = sched_getaffinity(0, size, set) == 0;
    const int count = known ? CPU_COUNT_S(size, set) : 0;
    CPU_FREE(set);
    if (known)
      return static_cast<std::uint32_t>(std::max(count, 1));
  }
  return 1;
}

// The groups of this process, from its own up to the root, as paths under `mount`: the least quota
// on the way counts. Lines of /proc/self/cgroup: "4:cpu,cpuacct:/a/b", "0::/a/b".
std::vector<std::string> group_folders(const std::string& controller, const std::string& mount) {
  std::vector<std::string> folders;
  std::istringstream lines(read("/proc/self/cgroup"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (first == std::string::npos || second == std::string::npos)
      continue;
    const std::string names = "," + line.substr(first + 1, second - first - 1) + ",";
    if (names.find("," + controller + ",") == std::string::npos)
      continue;
    std::string path = line.substr(second + 1);
    for (; path.size() > 1; path.resize(path.rfind('/')))
      folders.push_back(mount + path);
    folders.push_back(mount);
  }
  return folders;
}

// 0: there is no quota.
std::uint32_t group_cpus() {
  std::uint32_t least = 0;
  const auto take = [&](std::uint32_t cpus) {
    if (cpus > 0)
      least = least == 0 ? cpus : std::min(least, cpus);
  };
  for (const std::string& folder : group_folders("", "/sys/fs/cgroup"))
    take(quota_cpus(read(folder + "/cpu.max")));
  for (const std::string& folder : group_folders("cpu", "/sys/fs/cgroup/cpu")) {
    const std::string quota = read(folder + "/cpu.cfs_quota_us");
    take(quota_cpus(quota + " " + read(folder + "/cpu.cfs_period_us")));
  }
  return least;
}

}  // namespace

std::uint32_t quota_cpus(const std::string& cpu_max) {
  std::istringstream text(cpu_max);
  std::int64_t quota = 0;
  std::int64_t period = 0;
  if (!(text >> quota >> period) || quota <= 0 || period <= 0)
    return 0;
  return static_cast<std::uint32_t>(
      std::min<std::int64_t>((quota + period - 1) / period, 1u << 20));
}

std::uint32_t usable_cpus() {
  const std::uint32_t allowed = affinity_cpus();
  const std::uint32_t quota = group_cpus();
  return quota == 0 ? allowed : std::min(allowed, quota);
}

}  // namespace sage
