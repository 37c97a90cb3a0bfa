#include "runtime/random_graph.hpp"

#include "runtime/jobs.hpp"

#include <algorithm>
#include <array>

namespace sage::runtime {

namespace {

using Kind = Graph::Kind;
using Edge = Graph::Edge;
using Node = Graph::Node;

constexpr int kKeys = 7;
constexpr int kBroadcastsMax = 2;  // each multiplies the rows

std::string from(const std::vector<std::string>& ids) {
  std::string all;
  for (const std::string& id : ids)
    all += (all.empty() ? "\"" : ", \"") + id + "\"";
  return "from = [" + all + "]\n";
}

std::string with(const Node& node) {
  const auto option = [](const std::string& name, std::int64_t value) {
    return name + " = " + std::to_string(value) + ", ";
  };
  std::string options;
  if (node.kind == Kind::kNumbers)
    options = option("count", node.count) + option("keys", kKeys);
  if (node.kind == Kind::kPass)
    options = option("us", node.nap_us) + option("each", 50);
  if (node.use.starts_with("moody/")) {
    options = option("seed", node.mood.seed) + option("rejects", node.mood.rejects) +
              option("asks", node.mood.asks);
  }
  return options.empty() ? "" : "with = { " + options.substr(0, options.size() - 2) + " }\n";
}

std::string edge(const Node& node) {
  switch (node.edge) {
    case Edge::kPlain:
      return "";
    case Edge::kKey:
      return "key_by = \"key\"\n";
    case Edge::kGlobal:
      return "partition = \"global\"\n";
    case Edge::kBroadcast:
      return "partition = \"broadcast\"\n";
    case Edge::kRoute:
      return "partition = { use = \"probe/route\", with = { every = " +
             std::to_string(node.route_every) + " } }\n";
  }
  return "";
}

std::string errors(const Node& node) {
  std::string text;
  if (node.may_reject())
    text += std::string("on_error = \"") + (node.keeps_letters ? "dead_letter" : "skip") + "\"\n";
  if (node.mood.asks > 0)
    text += "retry = { times = 3, backoff = \"1us\", max = \"4us\" }\n";
  return text;
}

bool blocks(const Node& node) {
  return node.kind == Kind::kPass || node.use.find("blocking") != std::string::npos;
}

std::string letter(const std::string& stage, const std::string& code, const Row& row) {
  return stage + " SAGE-" + code + " {\"n\":" + std::to_string(row.n) +
         ",\"key\":" + std::to_string(row.key) + "}";
}

// As probe's route does.
bool is_routed_out_of_range(const Node& node, const Row& row) {
  return node.route_every > 0 && row.n % node.route_every == node.route_every - 1;
}

class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  Graph make() {
    const int inner = 3 + pick(6);
    for (int i = 0; i < inner; ++i)
      graph_.nodes.push_back(i == 0 || pick(4) == 0 ? source() : step(i));
    graph_.nodes.push_back(sink());
    return graph_;
  }

 private:
  int pick(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }

  int some() { return pick(3) > 0 ? 1 : 0; }

  Node source() {
    Node node;
    node.use = "probe/numbers";
    node.count = pick(200);
    node.parallelism = pick(5);
    return node;
  }

  // Often behind the node before it alone, so that chains of operators come about.
  Node step(int index) {
    Node node;
    node.from = {pick(3) > 0 ? index - 1 : pick(index)};
    if (const int second = pick(index); pick(3) == 0 && second != node.from[0])
      node.from.push_back(second);
    node.kind = std::array{Kind::kAdd,  Kind::kAdd,   Kind::kEven,
                           Kind::kEven, Kind::kTotal, Kind::kPass}[pick(6)];
    dress(node);
    return node;
  }

  // Reads what nobody else does, and some of the rest.
  Node sink() {
    Node node;
    node.kind = Kind::kTally;
    for (int i = 0; i < static_cast<int>(graph_.nodes.size()); ++i) {
      const bool is_read = std::ranges::any_of(graph_.nodes, [&](const Node& reader) {
        return std::ranges::find(reader.from, i) != reader.from.end();
      });
      if (!is_read || pick(5) == 0)
        node.from.push_back(i);
    }
    dress(node);
    return node;
  }

  // How it gets its records, who does the work, and in which mood.
  void dress(Node& node) {
    const auto before = static_cast<std::size_t>(node.from[0]);
    node.parallelism = pick(3) > 0 ? graph_.nodes[before].parallelism : pick(5);
    node.edge =
        node.kind == Kind::kTotal ? Edge::kKey : static_cast<Edge>(std::max(pick(8) - 3, 0));
    if (node.edge == Edge::kBroadcast && ++broadcasts_ > kBroadcastsMax)
      node.edge = Edge::kGlobal;
    if (node.edge == Edge::kRoute && pick(2) == 0)
      node.route_every = 5 + pick(20);
    node.keeps_letters = pick(2) == 0;
    const std::string name = std::array{"numbers", pick(2) == 0 ? "add" : "map",
                                        "even",    "total",
                                        "pass",    "tally"}[static_cast<std::size_t>(node.kind)];
    if (node.kind == Kind::kPass) {
      node.use = "brake/pass";
      node.nap_us = 10 * pick(3);
    } else if (name != "map" && pick(2) == 0) {
      node.use = "probe/" + name;
    } else {
      node.use = (pick(4) == 0 ? "moody/blocking-" : "moody/") + name;
      node.mood = {pick(1000), some() * (3 + pick(30)), some() * (20 + pick(60))};
    }
  }

  std::mt19937 random_;
  Graph graph_;
  int broadcasts_ = 0;
};

}  // namespace

std::string Graph::id(int index) const {
  return node(index).kind == Kind::kTally ? "end" : "s" + std::to_string(index);
}

bool Graph::may_block() const { return std::ranges::any_of(nodes, blocks); }

std::string Graph::text(int shape) const {
  std::string all;
  std::vector<std::string> letters;
  for (int i = 0; i < size(); ++i) {
    std::vector<std::string> inputs;
    for (const int input : node(i).from)
      inputs.push_back(id(input));
    all += stage(id(i), node(i).use,
                 (inputs.empty() ? "" : from(inputs)) + edge(node(i)) + with(node(i)) +
                     errors(node(i)) + parallel(parallelism(i, shape)));
    if (node(i).may_reject() && node(i).keeps_letters)
      letters.push_back(id(i) + ".errors");
  }
  if (!letters.empty())
    all += stage("dead", "moody/letters", from(letters) + parallel(1 + shape));
  return all;
}

Rows Graph::input(int index, int shape, const std::vector<Rows>& known) const {
  Rows in;
  for (const int from : node(index).from) {
    const Rows& more = known[static_cast<std::size_t>(from)];
    const int times = node(index).edge == Edge::kBroadcast ? parallelism(index, shape) : 1;
    for (int i = 0; i < times; ++i)
      in.insert(in.end(), more.begin(), more.end());
  }
  return in;
}

Rows Graph::output(int index, const Rows& in, Wanted& wanted) const {
  const Node& node = this->node(index);
  Rows out;
  for (std::int64_t n = 0; n < node.count; ++n)
    out.push_back({n, n % kKeys});
  std::map<std::int64_t, std::int64_t> totals;
  for (const Row& row : in) {
    const bool lost = is_routed_out_of_range(node, row);
    if (lost || node.mood.is_rejected(row.n)) {
      ++(node.keeps_letters ? wanted.dead_lettered : wanted.skipped)[id(index)];
      if (node.keeps_letters)
        ++wanted.letters[letter(id(index), lost ? "E0502" : "E0501", row)];
    } else if (node.kind == Kind::kTotal) {
      totals[row.key] += row.n;
    } else if (node.kind != Kind::kEven || row.n % 2 == 0) {
      out.push_back({row.n + (node.kind == Kind::kAdd ? 1 : 0), row.key});
    }
  }
  for (const auto& [key, sum] : totals)
    out.push_back({sum, key});
  return out;
}

Wanted Graph::wanted(int shape) const {
  Wanted wanted;
  std::vector<Rows> known;
  for (int i = 0; i < size(); ++i)
    known.push_back(output(i, input(i, shape, known), wanted));
  for (const Row& row : known.back()) {
    const auto n = static_cast<std::uint64_t>(row.n);
    ++wanted.count;
    wanted.sum += n;
    wanted.squares += n * n * 2654435761u + static_cast<std::uint64_t>(row.key);
  }
  return wanted;
}

Graph random_graph(std::uint32_t seed) { return Maker(seed).make(); }

}  // namespace sage::runtime
