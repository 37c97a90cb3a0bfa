#pragma once
// The way out of a task: the sender's end of one edge. Splits batches over the receiving tasks'
// inboxes, hands control events to all of them, and holds what there is no credit for yet. Used by
// the sender's task thread; borrows the inboxes and peers.

#include "flow/event.hpp"
#include "flow/inbox.hpp"
#include "flow/partitioner.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

namespace sage::flow {

class Outlet {
 public:
  struct Channel {
    Inbox* inbox = nullptr;
    std::uint32_t number = 0;  // in the inbox
    Peer* peer = nullptr;      // the executor of the receiver, if it is another one
  };

  Outlet(std::unique_ptr<Partitioner> partitioner, std::vector<Channel> channels);

  // Only when flush() said that nothing is waiting.
  Status push(Event event);
  // Moves on what there is credit for; true: nothing is waiting any more.
  bool flush();
  // Before the sender's executor sleeps: it is woken when flush() has more to move. True: it has.
  bool wait_for_credit();
  // Sends the batches that an exchange still fills up; false: there were none.
  bool close();
  // The same for those that have been under way since the last call.
  void close_old();

  std::uint64_t records_sent() const { return sent_; }

 private:
  static bool admits(const Credit& credit, const Event& event);
  bool deliver(std::uint32_t channel, Event& event);
  void send(std::uint32_t channel, Event event);
  void send_all(const Event& event);
  void send_marks();

  std::unique_ptr<Partitioner> partitioner_;
  Gather* gather_;  // the partitioner's, or nullptr
  std::vector<Channel> channels_;
  // Per channel: the parts of one batch, the batch under way, and a control event or two.
  std::vector<std::deque<Event>> waiting_;
  std::uint32_t blocked_ = 0;  // channels with something waiting
  // Not sent before the rows that the exchange held back when they came. The rows of the old one
  // were under way at the last close_old(), so that they have left with the next.
  std::optional<Watermark> mark_;
  std::optional<Watermark> old_mark_;
  SendFn send_;
  std::uint64_t sent_ = 0;
};

}  // namespace sage::flow
