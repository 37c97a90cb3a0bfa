// Random pipelines give either findings or a plan that holds together.

#include "fake_operators.hpp"
#include "plan/graph_text.hpp"

#include <random>
#include <set>

#include <catch2/catch.hpp>

namespace sage::plan {
namespace {

class RandomPipeline {
 public:
  explicit RandomPipeline(std::uint32_t seed) : random_(seed) {}

  spec::Pipeline make() {
    spec::Pipeline pipeline;
    pipeline.file = "p.toml";
    pipeline.parallelism = pick(4) + 1;
    const std::uint32_t count = pick(9) + 1;
    wild_ = pick(4) == 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      line_ = i + 1;
      pipeline.stages.push_back(stage(i, count));
    }
    if (!wild_)
      close(pipeline);
    return pipeline;
  }

 private:
  std::uint32_t pick(std::uint32_t n) { return random_() % n; }

  template <class T>
  spec::Located<T> at(T value) {
    return {std::move(value), Place{"p.toml", line_, 1, 1}};
  }

  std::string any_operator(std::uint32_t index) {
    static const std::vector<std::string> kOrdinary = {"map", "count", "slow", "branch", "join"};
    static const std::vector<std::string> kWild = {"sink", "part", "strange", "refuse", "nosuch"};
    if (index == 0 || pick(6) == 0)
      return pick(3) == 0 ? "live" : pick(4) == 0 ? "one" : "src";
    if (wild_ && pick(4) == 0)
      return kWild[pick(5)];
    return kOrdinary[pick(5)];
  }

  std::string any_stream(std::uint32_t index, std::uint32_t count) {
    const std::uint32_t from = wild_ ? pick(count + 1) : pick(index);
    return "s" + std::to_string(from) + (wild_ && pick(8) == 0 ? ".errors" : "");
  }

  spec::Stage stage(std::uint32_t index, std::uint32_t count) {
    spec::Stage stage;
    stage.id = at("s" + std::to_string(index));
    stage.use = {"t", "", any_operator(index), stage.id.place};
    stage.place = stage.id.place;
    const std::string& op = stage.use.op;
    if (pick(2) == 0)
      stage.parallelism = at<std::int64_t>(pick(4) + 1);
    const bool is_source = op == "src" || op == "live" || op == "one";
    if (is_source && !wild_) {
      if (op == "one")
        stage.parallelism.reset();
      return stage;
    }
    if (op == "join" || pick(2) == 0) {
      stage.from.emplace();
      const std::uint32_t inputs = op == "join" && !wild_ ? 2 : pick(2) + 1;
      for (std::uint32_t i = 0; i < inputs; ++i) {
        stage.from->push_back(at(any_stream(index, count)));
      }
    }
    divide(stage);
    return stage;
  }

  void divide(spec::Stage& stage) {
    if (pick(3) == 0)
      stage.key_by.push_back(at(std::string(wild_ && pick(2) == 0 ? "nope" : "line")));
    if (stage.use.op == "count" && stage.key_by.empty())
      stage.parallelism.reset();
    if (!stage.key_by.empty() || pick(3) != 0)
      return;
    static constexpr spec::PartitionKind kKinds[] = {
        spec::PartitionKind::kRebalance, spec::PartitionKind::kBroadcast,
        spec::PartitionKind::kGlobal, spec::PartitionKind::kCustom, spec::PartitionKind::kForward};
    spec::Partition partition;
    partition.kind = kKinds[pick(wild_ ? 5 : 4)];
    partition.place = stage.id.place;
    if (partition.kind == spec::PartitionKind::kCustom) {
      partition.use = spec::Use{"t", "", "part", stage.id.place};
      partition.with.push_back(
          {at(std::string("field")), {std::string("line"), stage.id.place, false}});
    }
    stage.partition = partition;
  }

  // Puts a sink behind every output, read or not.
  void close(spec::Pipeline& pipeline) {
    const std::size_t count = pipeline.stages.size();
    for (std::size_t i = 0; i < count; ++i) {
      const std::string id = pipeline.stages[i].id.value;
      const bool is_branch = pipeline.stages[i].use.op == "branch";
      for (const char* port : {"", ".odd"}) {
        if (*port != '\0' && !is_branch)
          continue;
        spec::Stage sink;
        sink.id = at("out" + std::to_string(pipeline.stages.size()));
        sink.use = {"t", "", "sink", sink.id.place};
        sink.from = {at(id + port)};
        if (pick(2) == 0)
          sink.parallelism = at<std::int64_t>(pick(4) + 1);
        pipeline.stages.push_back(std::move(sink));
      }
    }
  }

  std::mt19937 random_;
  std::uint32_t line_ = 1;
  bool wild_ = false;
};

// Every stage is in exactly one chain, and chains follow those that feed them.
void check_chains(const Plan& plan) {
  std::set<std::uint32_t> seen;
  for (std::uint32_t c = 0; c < plan.chains.size(); ++c) {
    REQUIRE_FALSE(plan.chains[c].stages.empty());
    for (const std::uint32_t s : plan.chains[c].stages) {
      REQUIRE(seen.insert(s).second);
      REQUIRE(plan.stages[s].chain == c);
      REQUIRE(plan.stages[s].parallelism == plan.chains[c].parallelism);
    }
  }
  REQUIRE(seen.size() == plan.stages.size());
  for (const Edge& edge : plan.edges) {
    const std::uint32_t from = plan.stages[edge.from].chain;
    const std::uint32_t to = plan.stages[edge.to].chain;
    REQUIRE((edge.fused ? from == to : from < to));
  }
}

// Neighbours in a chain are joined by a fused edge, the only one into the second.
void check_neighbours(const Plan& plan) {
  for (const Chain& chain : plan.chains) {
    for (std::size_t i = 1; i < chain.stages.size(); ++i) {
      std::size_t into = 0;
      for (const Edge& edge : plan.edges) {
        if (edge.to != chain.stages[i])
          continue;
        ++into;
        REQUIRE(edge.from == chain.stages[i - 1]);
        REQUIRE(edge.fused);
        REQUIRE(edge.kind != EdgeKind::kCustom);
      }
      REQUIRE(into == 1);
    }
  }
}

void check_edges(const Plan& plan) {
  std::vector<std::size_t> inputs(plan.stages.size());
  for (const Edge& edge : plan.edges) {
    const Stage& from = plan.stages[edge.from];
    const Stage& to = plan.stages[edge.to];
    inputs[edge.to] = std::max<std::size_t>(inputs[edge.to], edge.input + 1);
    REQUIRE(edge.input < to.inputs.size());
    REQUIRE((edge.port == kErrorPort || edge.port < from.outputs.size()));
    if (edge.port != kErrorPort) {
      REQUIRE(schema::same_fields(*from.outputs[edge.port], *to.inputs[edge.input]));
    }
    REQUIRE((edge.kind == EdgeKind::kHash) == !edge.keys.empty());
    REQUIRE((edge.kind == EdgeKind::kCustom) == edge.partitioner.has_value());
    const std::uint64_t pairs = std::uint64_t{from.parallelism} * to.parallelism;
    const std::uint64_t channels = channel_count(plan, edge);
    const bool is_forward = edge.kind == EdgeKind::kForward;
    REQUIRE(channels == (edge.fused ? 0 : is_forward ? from.parallelism : pairs));
    REQUIRE((!is_forward || from.parallelism == to.parallelism));
  }
  for (std::size_t s = 0; s < inputs.size(); ++s) {
    REQUIRE(inputs[s] == plan.stages[s].inputs.size());
    REQUIRE(plan.stages[s].outputs.size() == plan.stages[s].op.info->outputs.size());
  }
}

void check_findings(const Diagnostics& findings) {
  for (const Error& finding : findings) {
    INFO(finding.code + " " + finding.message);
    REQUIRE(finding.place.has_value());
    REQUIRE(finding.place->file == "p.toml");
    REQUIRE_FALSE(finding.message.empty());
  }
}

}  // namespace

TEST_CASE("random pipelines give findings or a plan that holds together", "[plan]") {
  const std::uint32_t first = std::random_device{}();
  const FakeOperators fake;
  const OperatorResolver operators = fake.operators();
  std::size_t plans = 0;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const std::uint32_t seed = first + i;
    INFO("seed " << seed);
    const spec::Pipeline pipeline = RandomPipeline(seed).make();
    Diagnostics findings;
    const std::optional<Plan> plan = make_plan(pipeline, operators, findings);
    REQUIRE(plan.has_value() != has_errors(findings));
    check_findings(findings);
    Diagnostics repeated;
    const std::optional<Plan> again = make_plan(pipeline, operators, repeated);
    REQUIRE(messages(findings) == messages(repeated));
    REQUIRE(found(findings) == found(repeated));
    if (!plan)
      continue;
    ++plans;
    check_chains(*plan);
    check_neighbours(*plan);
    check_edges(*plan);
    REQUIRE(again);
    REQUIRE(graph_text(*plan) == graph_text(*again));
    REQUIRE(graph_toml(*plan) == graph_toml(*again));
  }
  INFO("of 3000 pipelines from seed " << first << ", plans: " << plans);
  CHECK(plans > 300);
  CHECK(plans < 2900);
}

}  // namespace sage::plan
