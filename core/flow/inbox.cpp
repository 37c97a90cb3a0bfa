#include "flow/inbox.hpp"

#include "base/assert.hpp"

namespace sage::flow {

std::uint32_t Inbox::add_channel(std::uint32_t input) {
  channels_.emplace_back().input = input;
  return channels() - 1;
}

bool Inbox::admits(std::uint32_t channel, std::uint64_t pinned_bytes) const {
  const Channel& c = channels_[channel];
  if (c.batches == 0)
    return true;
  return c.batches < kBatchesMax && c.bytes + pinned_bytes <= kChannelBytesMax &&
         bytes_ + pinned_bytes <= kTaskBytesMax;
}

void Inbox::push(std::uint32_t channel, Event event) {
  Channel& c = channels_[channel];
  ++pushes_;
  if (const auto* batch = std::get_if<BatchRef>(&event)) {
    const std::uint64_t bytes = (*batch)->pinned_bytes();
    SAGE_ASSERT(admits(channel, bytes));
    ++c.batches;
    c.bytes += bytes;
    bytes_ += bytes;
  } else if (std::holds_alternative<Watermark>(event) && !c.queue.empty() &&
             std::holds_alternative<Watermark>(c.queue.back())) {
    c.queue.back() = std::move(event);
    return;
  }
  c.queue.push_back(std::move(event));
  ++queued_;
}

std::optional<Inbox::Next> Inbox::next() {
  if (queued_ == 0)
    return std::nullopt;
  while (channels_[turn_].queue.empty())
    turn_ = (turn_ + 1) % channels();
  Channel& c = channels_[turn_];
  Next next{turn_, c.input, std::move(c.queue.front())};
  c.queue.pop_front();
  --queued_;
  if (const auto* batch = std::get_if<BatchRef>(&next.event)) {
    const std::uint64_t bytes = (*batch)->pinned_bytes();
    received_ += (*batch)->count;
    --c.batches;
    c.bytes -= bytes;
    bytes_ -= bytes;
  }
  turn_ = (turn_ + 1) % channels();
  return next;
}

}  // namespace sage::flow
