#pragma once
// The way out of a task: the sender's end of one edge. Splits batches over the receiving tasks'
// inboxes, hands control events to all of them, and holds what they do not admit yet (the parts of
// one event). Used by the sender's task thread; borrows the inboxes.

#include "flow/event.hpp"
#include "flow/inbox.hpp"
#include "flow/partitioner.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace sage::flow {

class Outlet {
 public:
  struct Channel {
    Inbox* inbox = nullptr;
    std::uint32_t number = 0;  // in the inbox
  };

  Outlet(std::unique_ptr<Partitioner> partitioner, std::vector<Channel> channels);

  // Only when flush() said that nothing is waiting.
  Status push(Event event);
  // Moves on what the inboxes admit; true: nothing is waiting any more.
  bool flush();

  std::uint64_t records_sent() const { return sent_; }

 private:
  struct Waiting {
    std::uint32_t channel;
    Event event;
  };
  bool deliver(std::uint32_t channel, Event& event);
  void send(std::uint32_t channel, Event event);

  std::unique_ptr<Partitioner> partitioner_;
  std::vector<Channel> channels_;
  std::vector<Waiting> waiting_;  // at most one batch and one control event a channel
  SendFn send_;
  std::uint64_t sent_ = 0;
};

}  // namespace sage::flow
