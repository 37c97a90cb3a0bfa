// What peers reached on the same work, as ratios to the tight loop of the same round. They were
// measured once, on another machine of the same type (their code does not ship); the engine's own
// line is of this run.
#include "bench.hpp"

#include <array>
#include <cstdio>
#include <cstring>

namespace sage::bench {

namespace {

struct Peer {
  const char* name;
  const char* words;
  const char* records;
  const char* events;
};

constexpr const char* kNames[] = {"words/s", "records/s", "events/s"};

constexpr Peer kPeers[] = {
    {"timely 0.32, column batches", "0.46", "0.75", "1.3"},
    {"timely 0.32, idiomatic (mimalloc)", "0.12 (0.24)", "0.43", "-"},
    {"Renoir 0.6", "0.11", "0.29", "0.15"},
    {"DuckDB 2.0, batch over a file", "0.25", "0.77, 24 B rows", "0.22"},
    {"Polars 2.1, batch over a file", "0.26", "0.77, 24 B rows", "0.29"},
    {"Flink 2.3, one CPU", "0.038", "0.24", "0.016"},
    {"Jet 5.7, one CPU", "0.058", "0.08", "0.044"},
    {"WindFlow 4.2", "0.085-0.20", "0.10", "0.034-0.077"},
    {"TBB flow graph", "0.21-0.48", "-", "-"},
    {"RaftLib 0.18", "0.27", "-", "-"},
    {"Ray Data 2.60", "0.031", "0.005", "0.012"},
    {"Pathway 0.33", "0.009", "0.002", "0.002"},
    {"Bytewax 0.21", "0.006-0.012", "0.011-0.13", "0.004"},
};

void print_line(const char* name, const char* words, const char* records, const char* events) {
  std::printf("%-34s  %-24s  %-24s  %s\n", name, words, records, events);
}

}  // namespace

void print_peers(const Bench& bench) {
  if (bench.rates.empty())
    return;
  std::array<std::array<char, 64>, 3> own{};
  for (std::size_t i = 0; i < own.size(); ++i) {
    std::snprintf(own[i].data(), own[i].size(), "-");
    for (const Rate& rate : bench.rates) {
      if (std::strcmp(rate.name, kNames[i]) == 0) {
        std::snprintf(own[i].data(), own[i].size(), "%.2f (%.1f M %s)", rate.ratio,
                      rate.per_second / 1e6, rate.name);
      }
    }
  }
  std::puts("\nratios to the tight loop, one thread: the engine measured now, peers as recorded");
  print_line("", "keyed word count", "map + filter, 64 B", "tumbling sum, 10 k keys");
  print_line("SAGE, measured", own[0].data(), own[1].data(), own[2].data());
  for (const Peer& peer : kPeers)
    print_line(peer.name, peer.words, peer.records, peer.events);
  std::puts("The peers' sums were held against a slower loop: divide theirs by 1.5.");
}

}  // namespace sage::bench
