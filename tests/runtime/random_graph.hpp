#pragma once
// A random graph of the test plugins' operators, as stages and as a model of what each of them
// gives and rejects. Some of its operators block, reject records, or ask to be tried again. Values.

#include "runtime/mood.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace sage::runtime {

struct Row {
  std::int64_t n;
  std::int64_t key;
};
using Rows = std::vector<Row>;

// What must come of a graph, in one shape of it.
struct Wanted {
  std::uint64_t count = 0;  // of the rows that the sink takes
  std::uint64_t sum = 0;
  std::uint64_t squares = 0;
  std::map<std::string, std::uint64_t> skipped;  // by stage, as in the next two
  std::map<std::string, std::uint64_t> dead_lettered;
  std::map<std::string, std::uint64_t> letters;  // by "STAGE CODE RECORD"
};

struct Graph {
  enum class Kind { kNumbers, kAdd, kEven, kTotal, kPass, kTally };
  enum class Edge { kPlain, kKey, kGlobal, kBroadcast, kRoute };
  struct Node {
    Kind kind = Kind::kNumbers;
    std::string use;
    int count = 0;          // of numbers
    int nap_us = 0;         // of a pass, after every 50 records
    std::vector<int> from;  // nodes before it
    Edge edge = Edge::kPlain;
    int route_every = 0;  // so many-th numbers are routed out of range; 0: none
    Mood mood;
    bool keeps_letters = false;  // on_error = "dead_letter", not "skip"
    int parallelism = 1;

    bool may_reject() const { return route_every > 0 || mood.rejects > 0; }
  };
  std::vector<Node> nodes;  // the last one is the sink

  std::string text(int shape) const;
  Wanted wanted(int shape) const;
  bool may_block() const;

 private:
  const Node& node(int index) const { return nodes[static_cast<std::size_t>(index)]; }
  int size() const { return static_cast<int>(nodes.size()); }
  std::string id(int index) const;
  // Each of the shapes has other parallelisms.
  int parallelism(int index, int shape) const { return 1 + (node(index).parallelism + shape) % 8; }
  Rows input(int index, int shape, const std::vector<Rows>& known) const;
  Rows output(int index, const Rows& in, Wanted& wanted) const;
};

Graph random_graph(std::uint32_t seed);

}  // namespace sage::runtime
