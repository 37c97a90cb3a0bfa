#include "plan/order.hpp"

#include "plan/finding.hpp"

#include <algorithm>
#include <functional>
#include <queue>
#include <string>
#include <utility>

namespace sage::plan {
namespace {

class StageSorter {
 public:
  explicit StageSorter(const std::vector<std::vector<Link>>& inputs)
      : inputs_(inputs), readers_(inputs.size()), waiting_(inputs.size()) {
    for (std::uint32_t stage = 0; stage < inputs.size(); ++stage) {
      waiting_[stage] = inputs[stage].size();
      for (const Link& link : inputs[stage])
        readers_[link.from].push_back(stage);
      if (waiting_[stage] == 0)
        ready_.push(stage);
    }
  }

  std::vector<std::uint32_t> sorted() {
    std::vector<std::uint32_t> order;
    while (!ready_.empty()) {
      const std::uint32_t stage = ready_.top();
      ready_.pop();
      order.push_back(stage);
      for (const std::uint32_t reader : readers_[stage]) {
        if (--waiting_[reader] == 0)
          ready_.push(reader);
      }
    }
    return order;
  }

  // After sorted(): in a cycle, or behind one.
  bool is_stuck(std::uint32_t stage) const { return waiting_[stage] > 0; }

  // Goes from a stuck stage to one that it reads, again and again, until it comes back to where it
  // was: the stages of that cycle in the direction of the data. Empty: it met an earlier walk.
  std::vector<std::uint32_t> find_cycle(std::uint32_t start) {
    if (walked_.empty())
      walked_.resize(inputs_.size());
    const std::uint32_t walk = start + 1;
    std::vector<std::uint32_t> path;
    std::uint32_t at = start;
    while (walked_[at] == 0) {
      walked_[at] = walk;
      path.push_back(at);
      at = stuck_input(at);
    }
    if (walked_[at] != walk)
      return {};
    path.erase(path.begin(), std::find(path.begin(), path.end(), at));
    std::reverse(path.begin(), path.end());
    std::rotate(path.begin(), std::min_element(path.begin(), path.end()), path.end());
    return path;
  }

 private:
  std::uint32_t stuck_input(std::uint32_t stage) const {
    for (const Link& link : inputs_[stage]) {
      if (is_stuck(link.from))
        return link.from;
    }
    SAGE_ASSERT(false && "a stuck stage reads a stuck stage");
    return stage;
  }

  const std::vector<std::vector<Link>>& inputs_;
  std::vector<std::vector<std::uint32_t>> readers_;
  std::vector<std::size_t> waiting_;
  std::vector<std::uint32_t> walked_;  // 0: not yet, else the number of the walk
  std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready_;
};

Error cycle_finding(const std::vector<spec::Stage>& stages, const Graph& graph,
                    const std::vector<std::uint32_t>& cycle) {
  std::string way;
  for (const std::uint32_t stage : cycle)
    way += stages[stage].id.value + " -> ";
  way += stages[cycle.front()].id.value;
  Place place = stages[cycle.front()].id.place;
  for (const Link& link : graph.inputs[cycle.front()]) {
    if (link.from == cycle.back())
      place = link.place;
  }
  return invalid("E0203", place, "the stages form a cycle: " + way,
                 "a stream cannot flow back; change a `from`");
}

}  // namespace

std::vector<std::uint32_t> sort_stages(const std::vector<spec::Stage>& stages, Graph& graph,
                                       Diagnostics& findings) {
  StageSorter sorter(graph.inputs);
  std::vector<std::uint32_t> order = sorter.sorted();
  if (order.size() == stages.size())
    return order;
  for (std::uint32_t stage = 0; stage < stages.size(); ++stage) {
    if (!sorter.is_stuck(stage))
      continue;
    order.push_back(stage);
    graph.broken[stage] = true;
    const std::vector<std::uint32_t> cycle = sorter.find_cycle(stage);
    if (!cycle.empty())
      findings.push_back(cycle_finding(stages, graph, cycle));
  }
  return order;
}

}  // namespace sage::plan
