#pragma once
// Time, CPUs and medians. Everything here is used by the thread that runs the benchmarks.

#include "base/clock.hpp"
#include "engine.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <vector>

namespace sage::bench {

// As the wall clock has it.
template <class Work>
double seconds(Work work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// CPU time of the process: what else the machine does counts only by what it does to the caches.
// Yardsticks of jobs on one thread; a job's own is in test::Run.
template <class Work>
double cpu_seconds(Work work) {
  const double start = test::cpu_seconds();
  work();
  return test::cpu_seconds() - start;
}

// `work` on each of these CPUs at once, by a pinned thread of its own; until the last is through.
double seconds_on(const std::vector<int>& cpus, const std::function<void()>& work);

// The CPUs that this process may use, as it was started.
std::vector<int> usable_cpus();
// Puts the calling thread, and those that it will start, on these CPUs.
void pin(const std::vector<int>& cpus);
// The time, which a job's executors ask for: each thread that does is put on a CPU of its own, in
// turn. The kernel may otherwise leave two of them on one. [any]
class PinningClock : public Clock {
 public:
  explicit PinningClock(std::vector<int> cpus);
  std::int64_t now_ns() const override;
  std::int64_t wall_ns() const override { return system_clock().wall_ns(); }

 private:
  std::vector<int> cpus_;
  std::uint64_t number_;  // of all these clocks
  mutable std::atomic<std::size_t> threads_{0};
};

// Of at least one value.
double median(std::vector<double> values);
// ratio[i] = over[i] / under[i]
std::vector<double> ratios(const std::vector<double>& over, const std::vector<double>& under);
// How far the slowest round is above the fastest: 0.25 is a quarter.
double drift(const std::vector<double>& seconds);

}  // namespace sage::bench
