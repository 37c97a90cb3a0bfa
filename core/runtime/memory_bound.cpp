#include "runtime/memory_bound.hpp"

#include "flow/gather.hpp"
#include "flow/inbox.hpp"
#include "flow/output.hpp"

#include <algorithm>
#include <bit>
#include <vector>

namespace sage::runtime {
namespace {

// What the C++ layer lets a call emit before it answers MORE, between two records.
constexpr std::uint64_t kUsualCall = 1u << 20;

std::uint64_t senders(const plan::Plan& plan, const plan::Edge& edge) {
  return edge.kind == plan::EdgeKind::kForward ? 1 : plan.stages[edge.from].parallelism;
}

// Of one task of each chain.
std::vector<std::uint64_t> count_channels(const plan::Plan& plan) {
  std::vector<std::uint64_t> channels(plan.chains.size());
  for (const plan::Edge& edge : plan.edges) {
    if (!edge.fused)
      channels[plan.stages[edge.to].chain] += senders(plan, edge);
  }
  return channels;
}

// What the sending end of an edge holds back to fill batches up, all instances together.
std::uint64_t gathered(const plan::Plan& plan, const plan::Edge& edge,
                       std::uint32_t batch_records) {
  const bool fills = edge.kind == plan::EdgeKind::kHash || edge.kind == plan::EdgeKind::kCustom;
  const std::uint32_t receivers = plan.stages[edge.to].parallelism;
  if (edge.fused || !fills)
    return 0;
  const std::uint64_t body = plan.stages[edge.to].inputs[edge.input]->body_bytes();
  return plan.stages[edge.from].parallelism *
         flow::Gather::held_bytes({receivers, batch_records, body});
}

}  // namespace

MemoryBound memory_bound(const plan::Plan& plan, std::uint32_t batch_records) {
  const std::uint64_t envelopes =
      std::bit_ceil(std::uint64_t{batch_records}) * flow::kEnvelopeBytes;
  const std::uint64_t batch = flow::Output::kBufferBytes + envelopes;
  const std::uint64_t large = SAGE_MAX_CALL + envelopes;  // one call may fill one batch
  const std::uint64_t large_part = SAGE_MAX_RECORD + envelopes;
  MemoryBound bound;
  bound.usual = bound.largest = flow::BatchPool::kKeptBytesMax + flow::BufferPool::kKeptBytesMax;
  const std::vector<std::uint64_t> channels = count_channels(plan);
  for (std::size_t c = 0; c < channels.size(); ++c) {
    if (channels[c] == 0)
      continue;
    const std::uint64_t all = channels[c] * plan.chains[c].parallelism;
    const flow::Credit::Window window = flow::Inbox::window(channels[c]);
    bound.channels += all;
    bound.usual += all * std::max(window.bytes, batch);
    bound.largest += all * std::max(window.bytes, large);
  }
  for (const plan::Stage& stage : plan.stages) {
    bound.usual += stage.parallelism * (kUsualCall + 2 * batch);
    bound.largest += stage.parallelism * (SAGE_MAX_CALL + 2 * large);
  }
  for (const plan::Edge& edge : plan.edges) {
    const std::uint64_t held = gathered(plan, edge, batch_records);
    const std::uint64_t parts = plan.stages[edge.to].parallelism;
    bound.usual += held;
    bound.largest +=
        held == 0 ? 0 : std::max(held, plan.stages[edge.from].parallelism * parts * large_part);
  }
  return bound;
}

}  // namespace sage::runtime
