#include "table.hpp"

#include <algorithm>
#include <cstdio>

namespace sage::bench {

namespace {

constexpr double kDriftMost = 0.25;
constexpr double kS2Least = 1.3;

std::vector<double> figures(const Measured& measured) {
  std::vector<double> all;
  for (const Sample& sample : measured.samples)
    all.push_back(sample.figure);
  return all;
}

double median_of(const Measured& measured, double Sample::* part) {
  std::vector<double> all;
  for (const Sample& sample : measured.samples)
    all.push_back(sample.*part);
  return median(std::move(all));
}

const char* verdict(const Goal& goal, double figure, double drift, double s2) {
  if (goal.id == "S2")
    return "";
  if (drift > kDriftMost || (goal.two_threads && s2 < kS2Least))
    return "machine too noisy";
  return (goal.at_least ? figure >= goal.wanted : figure <= goal.wanted) ? "met" : "missed";
}

std::string rate(double per_second) {
  char text[32];
  if (per_second == 0)
    return "";
  const bool large = per_second >= 1e6;
  std::snprintf(text, sizeof text, large ? "%.1f M/s" : "%.0f /s",
                large ? per_second / 1e6 : per_second);
  return text;
}

// Ratios to the tight loop on one core, recorded on this type of machine; they are not measured
// here.
struct Peer {
  const char* name;
  double words;
  double records;
};
constexpr Peer kPeers[] = {{"timely, column batches", 0.46, 0.75},
                           {"timely, idiomatic", 0.12, 0.43},
                           {"Renoir", 0.11, 0.29},
                           {"DuckDB (batch over a file)", 0.25, 0.77},
                           {"Polars (batch over a file)", 0.26, 0.77},
                           {"Flink, one CPU", 0.038, 0.24},
                           {"Jet, one CPU", 0.058, 0.08},
                           {"WindFlow", 0.20, 0.10},
                           {"TBB flow graph", 0.48, 0},
                           {"RaftLib", 0.27, 0},
                           {"Ray Data", 0.031, 0.005},
                           {"Pathway", 0.009, 0.002},
                           {"Bytewax", 0.012, 0.13}};

void print_peer(const char* name, double words, double records, double tight_words,
                double tight_records) {
  const auto ratio = [](double value) {
    char text[16];
    std::snprintf(text, sizeof text, value == 0 ? "-" : value < 0.1 ? "%.3f" : "%.2f", value);
    return std::string(text);
  };
  std::printf("  %-28s %6s %12s %8s %12s\n", name, ratio(words).c_str(),
              rate(words * tight_words).c_str(), ratio(records).c_str(),
              rate(records * tight_records).c_str());
}

}  // namespace

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values.empty() ? 0 : values[values.size() / 2];
}

void print_table(const std::vector<Measured>& all, double drift, double s2) {
  std::printf("%-4s %-48s %-30s %10s %17s %9s  %-18s %10s %10s\n", "", "what", "yardstick",
              "figure", "least - most", "wanted", "", "ours", "yardstick");
  for (const Measured& measured : all) {
    const Goal& goal = measured.goal;
    const std::vector<double> each = figures(measured);
    const double figure = median(each);
    char figure_text[32];
    char span[40];
    char wanted[32];
    std::snprintf(figure_text, sizeof figure_text, "%.2f %s", figure, goal.unit.c_str());
    std::snprintf(span, sizeof span, "%.2f - %.2f", *std::ranges::min_element(each),
                  *std::ranges::max_element(each));
    std::snprintf(wanted, sizeof wanted, "%s %.4g", goal.at_least ? ">=" : "<=", goal.wanted);
    std::printf("%-4s %-48s %-30s %10s %17s %9s  %-18s %10s %10s\n", goal.id.c_str(),
                goal.what.c_str(), goal.yardstick.c_str(), figure_text, span, wanted,
                verdict(goal, figure, drift, s2), rate(median_of(measured, &Sample::ours)).c_str(),
                rate(median_of(measured, &Sample::yardstick)).c_str());
  }
  std::printf("\nThe tight loop's time drifted by %.0f %% over the rounds", 100 * drift);
  if (s2 > 0)
    std::printf("; two of them on two CPUs are %.2f times as fast as one", s2);
  std::printf(".\n");
}

void print_peers(const std::vector<Measured>& all) {
  const Measured* words = nullptr;
  const Measured* records = nullptr;
  for (const Measured& measured : all) {
    if (measured.goal.id == "P6" && words == nullptr)
      words = &measured;
    if (measured.goal.id == "P2")
      records = &measured;
  }
  if (words == nullptr || records == nullptr)
    return;
  const double tight_words = median_of(*words, &Sample::yardstick);
  const double tight_records = median_of(*records, &Sample::yardstick);
  std::printf(
      "\nOne core, as ratios to the tight loop of this run. SAGE is measured; the others' "
      "ratios were\nrecorded once, on this type of machine, and their rates follow from "
      "them.\n");
  std::printf("  %-28s %6s %12s %8s %12s\n", "", "words", "", "records", "");
  print_peer("SAGE", median_of(*words, &Sample::figure), median_of(*records, &Sample::figure),
             tight_words, tight_records);
  for (const Peer& peer : kPeers)
    print_peer(peer.name, peer.words, peer.records, tight_words, tight_records);
}

}  // namespace sage::bench
