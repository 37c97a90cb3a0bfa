#include "goal.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <sched.h>

namespace sage::bench {

namespace {

void confine(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus)
    CPU_SET(cpu, &set);
  sched_setaffinity(0, sizeof set, &set);
}

}  // namespace

void wrong(const std::string& what) {
  std::fprintf(stderr, "wrong result: %s\n", what.c_str());
  std::exit(1);
}

std::vector<int> free_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
      if (CPU_ISSET(cpu, &allowed))
        cpus.push_back(cpu);
    }
  }
  return cpus;
}

Pinned::Pinned(const std::vector<int>& cpus) : before_(free_cpus()) { confine(cpus); }

Pinned::~Pinned() { confine(before_); }

}  // namespace sage::bench
