#include "flow/alignment.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace sage::flow {

Alignment::Alignment(std::uint32_t channels) : channels_(channels) {}

Alignment::Merged Alignment::on_return(std::uint32_t channel) {
  channels_[channel].idle = false;
  return {advance(), std::nullopt, false};
}

Alignment::Merged Alignment::on_watermark(std::uint32_t channel, Watermark mark) {
  Channel& from = channels_[channel];
  SAGE_ASSERT(!from.ended && !from.held);
  from.ts = std::max(from.ts, std::min(mark.ts, INT64_MAX - 1));
  from.idle = mark.idle;
  return {advance(), std::nullopt, false};
}

Alignment::Merged Alignment::on_barrier(std::uint32_t channel, Barrier barrier) {
  SAGE_ASSERT(!channels_[channel].ended && !channels_[channel].held);
  if (barrier.epoch < epoch_ || (barrier.epoch == epoch_ && !aligning_))
    return {};
  if (barrier.epoch > epoch_)
    release_all();
  epoch_ = barrier.epoch;
  aligning_ = true;
  channels_[channel].held = true;
  return {std::nullopt, align(), false};
}

// What the channel said before its end belongs before the barrier that the others wait for.
Alignment::Merged Alignment::on_end(std::uint32_t channel) {
  SAGE_ASSERT(!channels_[channel].ended && !channels_[channel].held);
  channels_[channel].ended = true;
  ++ended_;
  if (all_ended())  // which implies the largest watermark
    return {std::nullopt, std::nullopt, true};
  Merged merged;
  merged.mark = advance();
  merged.barrier = align();
  return merged;
}

void Alignment::release_all() {
  for (Channel& channel : channels_)
    channel.held = false;
}

std::optional<Barrier> Alignment::align() {
  const bool all = std::all_of(channels_.begin(), channels_.end(),
                               [](const Channel& c) { return c.held || c.ended; });
  if (!aligning_ || !all)
    return std::nullopt;
  release_all();
  aligning_ = false;
  return Barrier{epoch_};
}

// Idle as soon as all are; from idle back with any mark, even one that says nothing new.
std::optional<Watermark> Alignment::advance() {
  Watermark next{INT64_MAX, true};
  for (const Channel& channel : channels_) {
    if (channel.ended || channel.idle)
      continue;
    next.ts = std::min(next.ts, channel.ts);
    next.idle = false;
  }
  next.ts = next.idle ? passed_on_.ts : std::max(next.ts, passed_on_.ts);
  if (next.ts == passed_on_.ts && next.idle == passed_on_.idle)
    return std::nullopt;
  passed_on_ = next;
  return next;
}

}  // namespace sage::flow
