#include "measure.hpp"

#include <algorithm>
#include <sched.h>
#include <thread>

namespace sage::bench {

std::vector<int> usable_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cpus;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(cpu, &allowed))
        cpus.push_back(cpu);
    }
  }
  return cpus;
}

void pin(const std::vector<int>& cpus) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int cpu : cpus)
    CPU_SET(cpu, &set);
  (void)sched_setaffinity(0, sizeof set, &set);
}

double seconds_on(const std::vector<int>& cpus, const std::function<void()>& work) {
  return seconds([&] {
    std::vector<std::jthread> threads;
    for (const int cpu : cpus) {
      threads.emplace_back([&work, cpu] {
        pin({cpu});
        work();
      });
    }
  });
}

PinningClock::PinningClock(std::vector<int> cpus) : cpus_(std::move(cpus)) {
  static std::atomic<std::uint64_t> made{0};
  number_ = ++made;
}

std::int64_t PinningClock::now_ns() const {
  thread_local std::uint64_t pinned_by = 0;
  if (pinned_by != number_) {
    pinned_by = number_;
    pin({cpus_[threads_++ % cpus_.size()]});
  }
  return system_clock().now_ns();
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  const std::size_t half = values.size() / 2;
  return values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
}

std::vector<double> ratios(const std::vector<double>& over, const std::vector<double>& under) {
  std::vector<double> result;
  for (std::size_t i = 0; i < over.size(); ++i)
    result.push_back(over[i] / under[i]);
  return result;
}

double drift(const std::vector<double>& seconds) {
  if (seconds.empty())
    return 0;
  const auto [fastest, slowest] = std::ranges::minmax(seconds);
  return slowest / fastest - 1;
}

}  // namespace sage::bench
