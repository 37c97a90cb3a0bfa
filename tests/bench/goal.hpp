#pragma once
// What the benchmark measures: goals, each with a yardstick that is measured beside it in the same
// round. One thread.

#include "engine.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace sage::bench {

// What the goals share.
struct Setup {
  test::Engine& engine;
  std::string folder;  // for their files
  bool quick = false;  // small inputs
  std::string text;    // a file of words
};

// One measurement: the figure that the goal is about, and how fast both sides were (per second),
// 0: not of interest.
struct Sample {
  double figure = 0;
  double ours = 0;
  double yardstick = 0;
};

struct Goal {
  std::string id;         // "P6"
  std::string what;       // "word count, one executor"
  std::string yardstick;  // "tight loop"
  std::string unit;       // "x", "ns"
  double wanted = 0;
  bool at_least = true;      // the figure is to be at least, or at most, what is wanted
  bool two_threads = false;  // wanted is a share of S2; nothing can be said without two free CPUs
  std::function<Sample()> round;
};

std::vector<Goal> chain_goals(const Setup& setup);      // P1, P2, P3
std::vector<Goal> partition_goals(const Setup& setup);  // P5
std::vector<Goal> word_goals(const Setup& setup);       // P6, P6b, P20
std::vector<Goal> state_goals(const Setup& setup);      // P11
std::vector<Goal> hop_goals(const Setup& setup);        // P12
std::vector<Goal> latency_goals(const Setup& setup);    // P13
std::vector<Goal> start_goals(const Setup& setup);      // P17

template <class Work>
double seconds(Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// Ends the program: figures of work that was done wrong are worth nothing.
[[noreturn]] void wrong(const std::string& what);

// CPUs that this process may use, most remote first: the last ones are usually the quietest.
std::vector<int> free_cpus();
// Confines the calling thread to these CPUs while it lives.
class Pinned {
 public:
  explicit Pinned(const std::vector<int>& cpus);
  ~Pinned();
  Pinned(const Pinned&) = delete;
  Pinned& operator=(const Pinned&) = delete;

 private:
  std::vector<int> before_;
};

}  // namespace sage::bench
