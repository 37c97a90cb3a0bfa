#include "runtime/random_graph.hpp"

#include "runtime/jobs.hpp"

#include <array>
#include <map>

namespace sage::runtime {

namespace {

std::string ids(const std::vector<int>& nodes) {
  std::string all;
  for (const int node : nodes)
    all += (all.empty() ? "\"s" : ", \"s") + std::to_string(node) + "\"";
  return "from = [" + all + "]\n";
}

}  // namespace

std::string Graph::text(int shape) const {
  const std::string uses[] = {"numbers", "add", "even", "total"};
  std::string all;
  std::vector<int> every;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    const Node& node = nodes[static_cast<std::size_t>(i)];
    const std::string rest = node.kind == Kind::kNumbers
                                 ? "with = { count = " + std::to_string(node.count) + ", keys = 7 }"
                                 : ids(node.from) + node.edge;
    all += stage("s" + std::to_string(i), uses[static_cast<int>(node.kind)],
                 rest + "\n" + parallel(parallelism(i, shape)));
    every.push_back(i);
  }
  return all + stage("end", "tally", ids(every) + parallel(1 + shape));
}

Rows Graph::rows_of(int index, int shape, const std::vector<Rows>& known) const {
  const Node& node = nodes[static_cast<std::size_t>(index)];
  Rows in;
  for (const int from : node.from) {
    const Rows& more = known[static_cast<std::size_t>(from)];
    in.insert(in.end(), more.begin(), more.end());
  }
  Rows out;
  std::map<std::int64_t, std::int64_t> totals;
  for (std::int64_t n = 0; n < node.count; ++n)
    out.push_back({n, n % 7});
  const int times =
      node.edge.find("broadcast") == std::string::npos ? 1 : parallelism(index, shape);
  for (const Row& row : in) {
    if (node.kind == Kind::kTotal)
      totals[row.key] += row.n;
    if (node.kind == Kind::kAdd)
      out.insert(out.end(), static_cast<std::size_t>(times), Row{row.n + 1, row.key});
    if (node.kind == Kind::kEven && row.n % 2 == 0)
      out.insert(out.end(), static_cast<std::size_t>(times), row);
  }
  for (const auto& [key, sum] : totals)
    out.push_back({sum, key});
  return out;
}

Rows Graph::rows(int shape) const {
  std::vector<Rows> known;
  Rows all;
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    known.push_back(rows_of(i, shape, known));
    all.insert(all.end(), known.back().begin(), known.back().end());
  }
  return all;
}

Graph random_graph(std::mt19937& random) {
  const auto pick = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  const std::string edges[] = {"", "key_by = \"key\"", "partition = \"global\"",
                               "partition = \"broadcast\"",
                               "partition = { use = \"probe/route\" }"};
  Graph graph;
  const int nodes = 2 + pick(5);
  for (int i = 0; i < nodes; ++i) {
    Graph::Node node;
    node.parallelism = pick(5);
    if (i == 0 || pick(4) == 0) {
      node.count = pick(300);
    } else {
      node.from = {pick(i)};
      if (const int second = pick(i); second != node.from[0])
        node.from.push_back(second);
      node.kind = std::array{Graph::Kind::kAdd, Graph::Kind::kEven, Graph::Kind::kTotal}[pick(3)];
      node.edge = node.kind == Graph::Kind::kTotal ? edges[1] : edges[pick(5)];
    }
    graph.nodes.push_back(std::move(node));
  }
  return graph;
}

}  // namespace sage::runtime
