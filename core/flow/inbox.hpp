#pragma once
// The way into a task: one bounded queue per channel (one sender instance to this task). A sender
// asks `admits` before it pushes; a batch of any size is admitted by an empty channel. Used by the
// executor's thread.

#include "flow/event.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace sage::flow {

class Inbox {
 public:
  static constexpr std::uint32_t kBatchesMax = 16;  // per channel
  // Pinned bytes per channel: at the default size, 16 full batches of 64 KiB with their envelopes.
  static constexpr std::uint64_t kChannelBytesMax = 4u << 20;
  static constexpr std::uint64_t kTaskBytesMax = 64u << 20;  // over all channels

  struct Next {
    std::uint32_t channel;
    std::uint32_t input;
    Event event;
  };

  // A new channel that feeds input `input`; returns its number. Before the task runs.
  std::uint32_t add_channel(std::uint32_t input);
  std::uint32_t channels() const { return static_cast<std::uint32_t>(channels_.size()); }

  bool admits(std::uint32_t channel, std::uint64_t pinned_bytes) const;
  // Batches only after admits(). Control events always fit: of several watermarks in a row the
  // last one counts.
  void push(std::uint32_t channel, Event event);

  // The next event, channels in turn; nothing: all queues are empty.
  std::optional<Next> next();

  std::uint64_t records_received() const { return received_; }
  // Grows with every push.
  std::uint64_t pushes() const { return pushes_; }

 private:
  struct Channel {
    std::uint32_t input = 0;
    std::uint32_t batches = 0;
    std::uint64_t bytes = 0;
    std::deque<Event> queue;
  };

  std::vector<Channel> channels_;
  std::uint64_t bytes_ = 0;
  std::uint64_t received_ = 0;
  std::uint64_t pushes_ = 0;
  std::uint32_t turn_ = 0;
  std::uint64_t queued_ = 0;
};

}  // namespace sage::flow
