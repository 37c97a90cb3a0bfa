// bench [--rounds N] [--quick] [GOAL...]
//
// The goals of the engine's speed as ratios to loops written by hand, in one table from one run.
// Nothing here fails because it is slow; the status is 1 when a result is wrong.
#include "bench.hpp"
#include "measure.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <set>

namespace sage::bench {
namespace {

struct Goal {
  const char* name;
  void (*run)(Bench&);
};

constexpr Goal kGoals[] = {
    {"P1", fused_against_bare}, {"P2", fused_against_tight},
    {"P3", map_of_sdk},         {"P5", partition},
    {"P6", wordcount},          {"sums", tumbling_sum},
    {"P11", keyed_state},       {"P12", hop},
    {"P13", latency},           {"P17", first_record},
    {"P20", two_executors},
};

int usage() {
  std::fputs("bench [--rounds N] [--quick] [GOAL...]\ngoals:", stderr);
  for (const Goal& goal : kGoals)
    std::fprintf(stderr, " %s", goal.name);
  std::fputs("\n", stderr);
  return 2;
}

void run(Bench& bench, const std::set<std::string>& wanted) {
  bench.cpus = usable_cpus();
  std::vector<double> s2;
  bench.each_round([&](bool) { s2.push_back(measure_s2(bench)); });
  pin(bench.one_cpu());
  for (const Goal& goal : kGoals) {
    if (!wanted.empty() && !wanted.contains(goal.name))
      continue;
    std::fprintf(stderr, "%s ...\n", goal.name);
    goal.run(bench);
  }
  print_rows(bench, median(s2));
  print_peers(bench);
}

int main(int argc, char** argv) {
  Bench bench;
  std::set<std::string> wanted;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--quick") {
      bench.quick = true;
    } else if (argument == "--rounds" && i + 1 < argc) {
      bench.rounds = std::max(std::atoi(argv[++i]), 1);
    } else if (std::ranges::any_of(kGoals, [&](const Goal& g) { return argument == g.name; })) {
      wanted.insert(argument);
    } else {
      return usage();
    }
  }
  run(bench, wanted);
  return 0;
}

}  // namespace
}  // namespace sage::bench

int main(int argc, char** argv) {
  try {
    return sage::bench::main(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
