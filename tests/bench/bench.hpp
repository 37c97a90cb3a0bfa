#pragma once
// What the goals of performance.md share: one run of the program, the rows of its table, and the
// goals themselves. A goal interleaves its rounds (A B C A B C ...), compares results and appends
// rows; it throws std::runtime_error when a result is wrong.

#include "engine.hpp"
#include "folder.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace sage::bench {

struct Row {
  std::string goal;  // "P1"
  std::string what;
  std::string yardstick;
  std::string unit;            // "x", "ns", "us", "ms", "B"
  std::vector<double> values;  // one of each round
  bool at_least = true;        // the bound is a lower one
  double bound = 0;
  std::vector<double> tight =
      {};                       // seconds of the yardstick, round by round: its drift is looked at
  std::vector<double> s2 = {};  // of its rounds, where it needs two CPUs that are really there
  bool late = false;            // the machine did not keep up with what it was asked
  std::string figures = {};     // ns a record or so: the engine's, and the yardstick's
};

// For the table beside the peers.
struct Rate {
  const char* name;  // "words/s"
  double per_second = 0;
  double ratio = 0;  // to the tight loop
};

struct Bench {
  int rounds = 5;
  bool quick = false;
  std::vector<int> cpus;  // that may be used; all but the goals with two threads stay on the last
  test::Folder folder;
  test::Engine engine{folder / "cache", {SAGE_BENCH_PLUGINS}};
  std::vector<Row> rows;
  std::vector<Rate> rates;

  std::vector<int> one_cpu() const { return {cpus.back()}; }
  std::vector<int> two_cpus() const { return {cpus[cpus.size() - 2], cpus.back()}; }
  bool has_two_cpus() const { return cpus.size() >= 2; }
  // Fewer records of the same kind where it must be quick.
  std::uint64_t scaled(std::uint64_t records) const { return quick ? records / 10 : records; }
  // The input of word counts, written when it is first asked for.
  const std::string& text();
  // Calls round(measured) for a round that warms up and then for those that count.
  template <class Round>
  void each_round(Round round) const {
    for (int i = 0; i <= rounds; ++i)
      round(i > 0);
  }

 private:
  std::string text_;
};

// A counter of a stage's report, all instances together.
std::uint64_t counter(const runtime::Report& report, std::string_view stage, std::string_view name);
// `what` names the comparison.
void require_equal(std::uint64_t engine, std::uint64_t tight, const std::string& what);
// [[stage]] with these options (the inside of a TOML table) and further lines.
std::string stage(const std::string& id, const std::string& use, const std::string& with = "",
                  const std::string& rest = "");
std::string pipeline(const std::string& stages);

// Speed of the tight map and filter on two pinned threads against one; 0 where there is one CPU.
double measure_s2(const Bench& bench);

void fused_against_bare(Bench& bench);   // P1
void fused_against_tight(Bench& bench);  // P2
void map_of_sdk(Bench& bench);           // P3
void partition(Bench& bench);            // P5
void wordcount(Bench& bench);            // P6, P6b
void tumbling_sum(Bench& bench);         // for the table of the peers
void keyed_state(Bench& bench);          // P11
void hop(Bench& bench);                  // P12
void latency(Bench& bench);              // P13
void first_record(Bench& bench);         // P17
void two_executors(Bench& bench);        // P20

// Medians of both in ns a record: "6.31 / 4.50 ns".
std::string ns_each(const std::vector<double>& engine_s, const std::vector<double>& tight_s,
                    std::uint64_t records);
void print_rows(const Bench& bench, double s2);
void print_peers(const Bench& bench);

}  // namespace sage::bench
