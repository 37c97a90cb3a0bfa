#include "flow/inbox.hpp"

#include <algorithm>

namespace sage::flow {

Credit::Window Inbox::window(std::uint64_t channels) {
  Credit::Window window;
  window.bytes = std::min(window.bytes, kTaskBytesMax / channels);
  return window;
}

std::uint32_t Inbox::add_channel(std::uint32_t input, Peer* sender) {
  channels_.emplace_back(input, sender);
  for (Channel& channel : channels_)
    channel.credit.set_window(window(channels()));
  return channels() - 1;
}

void Inbox::push(std::uint32_t channel, Event event) {
  channels_[channel].queue.push_back(std::move(event));
  ++pushes_;
  ++queued_;
}

void Inbox::give_back(Channel& channel, const Event& event) {
  if (const auto* batch = std::get_if<BatchRef>(&event)) {
    received_ += (*batch)->count;
    channel.credit.give_back((*batch)->pinned_bytes());
  } else if (!std::holds_alternative<End>(event)) {
    channel.credit.give_back(0);
  }
  const bool tell = channel.queue.empty() || channel.credit.worth_telling();
  if (tell && channel.credit.publish() && channel.sender != nullptr)
    channel.sender->nudge();
}

std::optional<Inbox::Next> Inbox::next(const Alignment& alignment) {
  if (queued_ == 0)
    return std::nullopt;
  for (std::uint32_t tried = 0; tried < channels(); ++tried) {
    const std::uint32_t number = turn_;
    Channel& channel = channels_[number];
    turn_ = (turn_ + 1) % channels();
    if (channel.queue.empty() || alignment.holds(number))
      continue;
    Next next{number, channel.input, std::move(channel.queue.front())};
    channel.queue.pop_front();
    --queued_;
    give_back(channel, next.event);
    return next;
  }
  return std::nullopt;
}

}  // namespace sage::flow
