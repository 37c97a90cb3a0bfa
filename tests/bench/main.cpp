// bench [--rounds N] [--quick] [GOAL...]
//
// Measures the engine beside loops written by hand, in turn, in this process: every goal once a
// round. Prints one table; says nothing of a goal where the machine is too noisy for it. The exit
// code speaks of wrong results alone.
#include "folder.hpp"
#include "goal.hpp"
#include "table.hpp"
#include "text_file.hpp"
#include "tight_loop.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>

namespace sage::bench {
namespace {

constexpr std::uint64_t kSeed = 20261125;

struct Flags {
  int rounds = 5;
  bool quick = false;
  std::vector<std::string> goals;  // empty: all
};

Flags parse(int argc, char** argv) {
  Flags flags;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--quick") {
      flags.quick = true;
    } else if (word == "--rounds" && i + 1 < argc) {
      flags.rounds = std::max(std::atoi(argv[++i]), 1);
    } else if (word.starts_with("-")) {
      std::fprintf(stderr, "usage: bench [--rounds N] [--quick] [GOAL...]\n");
      std::exit(2);
    } else {
      flags.goals.push_back(word);
    }
  }
  return flags;
}

std::vector<Measured> wanted_goals(const Setup& setup, const Flags& flags) {
  std::vector<Measured> all;
  for (const auto make : {word_goals, chain_goals, partition_goals, state_goals, hop_goals,
                          latency_goals, start_goals}) {
    for (Goal& goal : make(setup)) {
      const bool wanted = flags.goals.empty() || goal.id == "S2" ||
                          std::ranges::find(flags.goals, goal.id) != flags.goals.end();
      if (wanted)
        all.push_back({std::move(goal), {}});
    }
  }
  return all;
}

template <class Work>
auto on_one_cpu(const Work& work) {
  const Pinned here({free_cpus().front()});
  return work();
}

int run(const Flags& flags) {
  const test::Folder temp;
  const std::string text = temp / "text";
  const std::uint64_t megabytes = flags.quick ? 20 : 100;
  if (!write_zipf_text(text, megabytes << 20, flags.quick ? 20'000 : 100'000, kSeed)) {
    std::fputs("cannot write the input\n", stderr);
    return 1;
  }
  test::Engine engine(temp / "cache", {SAGE_BENCH_PLUGINS});
  const Setup setup{engine, temp / "", flags.quick, text};
  std::vector<Measured> all = wanted_goals(setup, flags);
  std::vector<double> loop;
  for (int round = 0; round <= flags.rounds; ++round) {  // the first one warms up
    const double tight = on_one_cpu([&] { return seconds([&] { tight_wordcount(text); }); });
    if (round > 0)
      loop.push_back(tight);
    for (Measured& measured : all) {
      const Goal& goal = measured.goal;
      const Sample sample = goal.two_threads ? goal.round() : on_one_cpu(goal.round);
      if (round > 0)
        measured.samples.push_back(sample);
    }
    std::fprintf(stderr, "\rround %d of %d ", round, flags.rounds);
  }
  std::fputs("\r                \r", stderr);
  const double drift =
      (*std::ranges::max_element(loop) - *std::ranges::min_element(loop)) / median(loop);
  std::vector<double> s2;
  for (const Measured& measured : all) {
    for (const Sample& sample : measured.samples) {
      if (measured.goal.id == "S2")
        s2.push_back(sample.figure);
    }
  }
  print_table(all, drift, median(s2));
  print_peers(all);
  return 0;
}

}  // namespace
}  // namespace sage::bench

int main(int argc, char** argv) {
  try {
    return sage::bench::run(sage::bench::parse(argc, argv));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
