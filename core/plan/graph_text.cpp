#include "plan/graph_text.hpp"

#include <string_view>
#include <vector>

namespace sage::plan {
namespace {

std::string counted(std::uint64_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

// "hash(word, page)", "custom(acme/by_zone)", "forward".
std::string edge_text(const Plan& plan, const Edge& edge) {
  std::string text(edge_name(edge.kind));
  std::string inside;
  if (edge.kind == EdgeKind::kHash) {
    for (const std::uint32_t key : edge.keys) {
      const schema::Schema& input = *plan.stages[edge.to].inputs[edge.input];
      inside += (inside.empty() ? "" : ", ") + input.fields()[key].name;
    }
  } else if (edge.partitioner) {
    inside = edge.partitioner->use.text();
  }
  return inside.empty() ? text : text + "(" + inside + ")";
}

std::string port_name(const Plan& plan, const Edge& edge) {
  if (edge.port == kErrorPort)
    return std::string(kErrorPortName);
  return plan.stages[edge.from].op.info->outputs[edge.port].name;
}

// "lines", "lines.late", "lines.errors".
std::string stream_name(const Plan& plan, const Edge& edge) {
  const std::string& id = plan.stages[edge.from].id;
  return edge.port == 0 ? id : id + "." + port_name(plan, edge);
}

std::uint64_t task_count(const Plan& plan) {
  std::uint64_t count = 0;
  for (const Chain& chain : plan.chains)
    count += chain.parallelism;
  return count;
}

void write_inputs(const Plan& plan, std::uint32_t stage, std::string& text) {
  for (const Edge& edge : plan.edges) {
    if (edge.to != stage)
      continue;
    text += "    <- " + stream_name(plan, edge) + ", " + edge_text(plan, edge);
    text += edge.fused ? ", in place" : ", " + counted(channel_count(plan, edge), "channel");
    text += "\n";
  }
}

void write_outputs(const Stage& stage, std::string& text) {
  for (std::size_t port = 0; port < stage.outputs.size(); ++port) {
    const std::string name = port == 0 ? "" : stage.op.info->outputs[port].name + " ";
    text += "    -> " + name + stage.outputs[port]->text() + "\n";
  }
}

void write_stage(const Plan& plan, std::uint32_t index, std::string& text) {
  const Stage& stage = plan.stages[index];
  text += "  " + stage.id + "  " + stage.op.use.text();
  if (!stage.bounded)
    text += ", unbounded";
  if (stage.on_error == OnError::kSkip)
    text += ", skips records in error";
  if (stage.on_error == OnError::kDeadLetter)
    text += ", dead letters";
  if (stage.retry.times > 0)
    text += ", tries again " +
            (stage.retry.times == 1 ? "once" : std::to_string(stage.retry.times) + " times");
  text += "\n";
  write_inputs(plan, index, text);
  write_outputs(stage, text);
}

// Replaces the characters that a quoted label cannot hold.
std::string escaped(std::string_view text, char special, const std::string& by) {
  std::string result;
  for (const char c : text) {
    if (c == special) {
      result += by;
    } else {
      result += c;
    }
  }
  return result;
}

std::string dot_quoted(std::string_view text) {
  return '"' + escaped(escaped(text, '\\', "\\\\"), '"', "\\\"") + '"';
}

std::string mermaid_quoted(std::string_view text) {
  return '"' + escaped(text, '"', "#quot;") + '"';
}

// What stands at an arrow: the way of dividing, after the port if it is not the first.
std::string arrow_text(const Plan& plan, const Edge& edge) {
  const std::string port = edge.port == 0 ? "" : port_name(plan, edge) + ": ";
  return port + edge_text(plan, edge);
}

std::string node(std::uint32_t stage) { return "s" + std::to_string(stage); }

std::string chain_title(std::size_t index, const Chain& chain) {
  return "chain " + std::to_string(index) + ", " + counted(chain.parallelism, "instance");
}

}  // namespace

std::uint64_t channel_count(const Plan& plan, const Edge& edge) {
  if (edge.fused)
    return 0;
  const std::uint64_t senders = plan.stages[edge.from].parallelism;
  // Also where records go to one receiver only: the end of the stream goes to all.
  const std::uint64_t receivers = plan.stages[edge.to].parallelism;
  return edge.kind == EdgeKind::kForward ? senders : senders * receivers;
}

std::string graph_text(const Plan& plan) {
  std::string text = plan.name.empty() ? "" : plan.name + ": ";
  text += counted(plan.stages.size(), "stage") + ", " + counted(plan.chains.size(), "chain") +
          ", " + counted(task_count(plan), "task") + ", " + counted(plan.key_groups, "key group") +
          "\n";
  for (std::size_t i = 0; i < plan.chains.size(); ++i) {
    text += "\n" + chain_title(i, plan.chains[i]) + "\n";
    for (const std::uint32_t stage : plan.chains[i].stages)
      write_stage(plan, stage, text);
  }
  return text;
}

std::string graph_dot(const Plan& plan) {
  std::string text =
      "digraph " + dot_quoted(plan.name) + " {\n  rankdir=LR;\n  node [shape=box];\n";
  for (std::size_t i = 0; i < plan.chains.size(); ++i) {
    text += "  subgraph cluster_" + std::to_string(i) +
            " {\n    label=" + dot_quoted(chain_title(i, plan.chains[i])) + ";\n";
    for (const std::uint32_t s : plan.chains[i].stages) {
      const Stage& stage = plan.stages[s];
      // The \n is Graphviz' own.
      text += "    " + node(s) + " [label=\"" + stage.id + "\\n" + stage.op.use.text() + "\"];\n";
    }
    text += "  }\n";
  }
  for (const Edge& edge : plan.edges) {
    text += "  " + node(edge.from) + " -> " + node(edge.to) +
            " [label=" + dot_quoted(arrow_text(plan, edge)) + (edge.fused ? ", style=bold" : "") +
            "];\n";
  }
  return text + "}\n";
}

std::string graph_mermaid(const Plan& plan) {
  std::string text = "flowchart LR\n";
  for (std::size_t i = 0; i < plan.chains.size(); ++i) {
    text += "  subgraph chain" + std::to_string(i) + "[" +
            mermaid_quoted(chain_title(i, plan.chains[i])) + "]\n";
    for (const std::uint32_t s : plan.chains[i].stages) {
      const Stage& stage = plan.stages[s];
      text +=
          "    " + node(s) + "[" + mermaid_quoted(stage.id + "<br/>" + stage.op.use.text()) + "]\n";
    }
    text += "  end\n";
  }
  for (const Edge& edge : plan.edges) {
    text += "  " + node(edge.from) + (edge.fused ? " ==>|" : " -->|") +
            mermaid_quoted(arrow_text(plan, edge)) + "| " + node(edge.to) + "\n";
  }
  return text;
}

}  // namespace sage::plan
