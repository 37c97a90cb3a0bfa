#pragma once
// A random graph of the test plugins' operators, as stages and as a model of what each of them
// gives. Values.

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace sage::runtime {

struct Row {
  std::int64_t n;
  std::int64_t key;
};
using Rows = std::vector<Row>;

struct Graph {
  enum class Kind { kNumbers, kAdd, kEven, kTotal };
  struct Node {
    Kind kind = Kind::kNumbers;
    int count = 0;          // of numbers
    std::vector<int> from;  // nodes before it
    std::string edge;       // how it gets its records
    int parallelism = 1;
  };
  std::vector<Node> nodes;

  // Each of the shapes has other parallelisms.
  int parallelism(int node, int shape) const {
    return 1 + (nodes[static_cast<std::size_t>(node)].parallelism + shape) % 8;
  }
  std::string text(int shape) const;
  Rows rows(int shape) const;  // of all nodes together, as the sink gets them

 private:
  Rows rows_of(int node, int shape, const std::vector<Rows>& known) const;
};

Graph random_graph(std::mt19937& random);

}  // namespace sage::runtime
