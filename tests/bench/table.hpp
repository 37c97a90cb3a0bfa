#pragma once
// The table of a run of the benchmark. One thread.

#include "goal.hpp"

#include <vector>

namespace sage::bench {

struct Measured {
  Goal goal;
  std::vector<Sample> samples;
};

// A row for each goal: its figure (median, least and most of the rounds), what is wanted, and
// whether it is met. No verdict where the machine was too noisy: `drift`, how far the same loop's
// time went apart over the rounds, or too little of a second CPU for goals that need it.
void print_table(const std::vector<Measured>& all, double drift, double s2);

// The engine's rates beside those of other engines, as their ratios to the same kind of tight loop
// were recorded once.
void print_peers(const std::vector<Measured>& all);

double median(std::vector<double> values);

}  // namespace sage::bench
