#pragma once
// The way into a task: one queue per channel (one sender instance to this task), bounded by the
// channel's credit. Used by the thread of the task's executor; the senders' side of the credits by
// theirs.

#include "flow/alignment.hpp"
#include "flow/credit.hpp"
#include "flow/mailbox.hpp"

#include <cstdint>
#include <deque>
#include <optional>

namespace sage::flow {

class Inbox {
 public:
  // Pinned bytes that all channels together may hold, if no batch is larger than its window.
  static constexpr std::uint64_t kTaskBytesMax = 64u << 20;

  struct Next {
    std::uint32_t channel;
    std::uint32_t input;
    Event event;
  };

  // What each of so many channels may hold.
  static Credit::Window window(std::uint64_t channels);
  // A new channel that feeds input `input`; returns its number. `sender`: the executor of the
  // sender, if it is another one. Before anything is sent.
  std::uint32_t add_channel(std::uint32_t input, Peer* sender = nullptr);
  std::uint32_t channels() const { return static_cast<std::uint32_t>(channels_.size()); }
  Credit& credit(std::uint32_t channel) { return channels_[channel].credit; }

  // What the sender has had credit for.
  void push(std::uint32_t channel, Event event);

  // The next event, channels in turn, without those that `alignment` holds; nothing: there is none.
  std::optional<Next> next(const Alignment& alignment);

  std::uint64_t records_received() const { return received_; }
  // Grows with every push.
  std::uint64_t pushes() const { return pushes_; }

 private:
  struct Channel {
    Channel(std::uint32_t to, Peer* from) : input(to), sender(from) {}
    std::uint32_t input;
    Peer* sender;
    Credit credit;
    std::deque<Event> queue;
  };
  void give_back(Channel& channel, const Event& event);

  std::deque<Channel> channels_;  // which never move
  std::uint64_t received_ = 0;
  std::uint64_t pushes_ = 0;
  std::uint32_t turn_ = 0;
  std::uint64_t queued_ = 0;
};

}  // namespace sage::flow
