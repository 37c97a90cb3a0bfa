#include "flow/outlet.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace sage::flow {

Outlet::Outlet(std::unique_ptr<Partitioner> partitioner, std::vector<Channel> channels)
    : partitioner_(std::move(partitioner)), channels_(std::move(channels)) {
  send_ = [this](std::uint32_t index, BatchRef batch) { send(index, std::move(batch)); };
}

bool Outlet::deliver(std::uint32_t channel, Event& event) {
  const Channel& to = channels_[channel];
  if (const auto* batch = std::get_if<BatchRef>(&event)) {
    if (!to.inbox->admits(to.number, (*batch)->pinned_bytes()))
      return false;
    sent_ += (*batch)->count;
  }
  to.inbox->push(to.number, std::move(event));
  return true;
}

void Outlet::send(std::uint32_t channel, Event event) {
  const bool behind = std::any_of(waiting_.begin(), waiting_.end(),
                                  [&](const Waiting& w) { return w.channel == channel; });
  if (behind || !deliver(channel, event))
    waiting_.push_back({channel, std::move(event)});
}

Status Outlet::push(Event event) {
  SAGE_ASSERT(waiting_.empty());
  if (auto* batch = std::get_if<BatchRef>(&event)) {
    return partitioner_->split(std::move(*batch), send_);
  }
  for (std::uint32_t c = 0; c < channels_.size(); ++c)
    send(c, event);
  return Ok{};
}

bool Outlet::flush() {
  std::vector<Waiting> left;
  for (Waiting& w : waiting_) {
    const bool behind = std::any_of(left.begin(), left.end(),
                                    [&](const Waiting& l) { return l.channel == w.channel; });
    if (behind || !deliver(w.channel, w.event))
      left.push_back(std::move(w));
  }
  waiting_ = std::move(left);
  return waiting_.empty();
}

}  // namespace sage::flow
