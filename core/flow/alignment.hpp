#pragma once
// Merges the control events of a task's input channels. The watermark is the least over all
// channels that have neither ended nor gone idle; a barrier is passed on when every channel that
// has not ended has delivered it, and nothing is taken meanwhile from those that have; the end is
// the end of all. A pure state machine; no threads.

#include "flow/event.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace sage::flow {

class Alignment {
 public:
  explicit Alignment(std::uint32_t channels);

  // What the task passes on because of one event, in this order.
  struct Merged {
    std::optional<Watermark> mark;
    std::optional<Barrier> barrier;
    bool end = false;
  };
  // It is idle no more, and so are those who heard that it was.
  Merged on_batch(std::uint32_t channel) {
    return channels_[channel].idle ? on_return(channel) : Merged{};
  }
  Merged on_watermark(std::uint32_t channel, Watermark mark);
  // A newer barrier than the one under way takes its place; an older one is passed over.
  Merged on_barrier(std::uint32_t channel, Barrier barrier);
  Merged on_end(std::uint32_t channel);

  // It has delivered the barrier under way: take nothing from it.
  bool holds(std::uint32_t channel) const { return channels_[channel].held; }
  bool all_ended() const { return ended_ == channels_.size(); }

 private:
  struct Channel {
    std::int64_t ts = INT64_MIN;
    bool idle = false;
    bool ended = false;
    bool held = false;
  };
  Merged on_return(std::uint32_t channel);
  std::optional<Watermark> advance();
  std::optional<Barrier> align();
  void release_all();

  std::vector<Channel> channels_;
  std::uint32_t ended_ = 0;
  Watermark passed_on_{INT64_MIN, false};
  std::uint64_t epoch_ = 0;  // of the barrier under way, or of the last one
  bool aligning_ = false;
};

}  // namespace sage::flow
