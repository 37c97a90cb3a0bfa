// bench_wordcount [megabytes] [distinct words] [rounds]
//
// Word count through the real plugins beside the tight loop, in turn, in this process, on one CPU;
// prints both speeds and the median of their ratios. The results are compared word for word.
#include "counts.hpp"
#include "engine.hpp"
#include "folder.hpp"
#include "text_file.hpp"
#include "tight_loop.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <sched.h>
#include <vector>

namespace sage::bench {
namespace {

constexpr std::uint64_t kSeed = 20261125;

void pin_to_one_cpu() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) {
    return;
  }
  for (int cpu = CPU_SETSIZE - 1; cpu >= 0; --cpu) {
    if (CPU_ISSET(cpu, &allowed)) {
      CPU_ZERO(&allowed);
      CPU_SET(cpu, &allowed);
      sched_setaffinity(0, sizeof allowed, &allowed);
      return;
    }
  }
}

template <class Work>
double seconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

struct Rounds {
  std::vector<double> tight;
  std::vector<double> engine;
  std::vector<double> ratio;
};

int run(std::uint64_t megabytes, std::uint32_t distinct, int rounds) {
  const test::Folder temp;
  const std::string text = temp / "text";
  if (!write_zipf_text(text, megabytes << 20, distinct, kSeed)) {
    std::fputs("cannot write the input\n", stderr);
    return 1;
  }
  test::Engine engine(temp / "cache");
  Rounds result;
  WordTotals expected;
  for (int round = 0; round <= rounds; ++round) {  // the first one warms up
    const double tight = seconds([&] { expected = tight_wordcount(text); });
    WordTotals counted;
    const double own = seconds([&] { engine.run(wordcount(text, temp / "counts")); });
    counted = read_counts(temp / "counts");
    if (counted.words != expected.words || counted.distinct != expected.distinct ||
        counted.checksum != expected.checksum) {
      std::fputs("the engine and the tight loop disagree\n", stderr);
      return 1;
    }
    if (round > 0) {
      result.tight.push_back(static_cast<double>(expected.words) / tight);
      result.engine.push_back(static_cast<double>(expected.words) / own);
      result.ratio.push_back(tight / own);
    }
  }
  std::printf("word count, %.1f M words, %llu distinct, one CPU, medians of %d rounds\n",
              static_cast<double>(expected.words) / 1e6,
              static_cast<unsigned long long>(expected.distinct), rounds);
  std::printf("  tight loop   %6.1f M words/s\n", median(result.tight) / 1e6);
  std::printf("  plugins      %6.1f M words/s\n", median(result.engine) / 1e6);
  std::printf("  ratio        %6.2f\n", median(result.ratio));
  return 0;
}

}  // namespace
}  // namespace sage::bench

int main(int argc, char** argv) {
  const auto argument = [&](int i, long fallback) {
    return argc > i ? std::strtol(argv[i], nullptr, 10) : fallback;
  };
  try {
    sage::bench::pin_to_one_cpu();
    return sage::bench::run(static_cast<std::uint64_t>(argument(1, 100)),
                            static_cast<std::uint32_t>(argument(2, 100'000)),
                            static_cast<int>(argument(3, 7)));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}
