#pragma once
// Merges the control events of a task's input channels: the watermark is the least over all
// channels that have not ended, the end is the end of all. A pure state machine; no threads.

#include <cstdint>
#include <optional>
#include <vector>

namespace sage::flow {

class Alignment {
 public:
  explicit Alignment(std::uint32_t channels);

  // The task's new watermark, if this one moved it.
  std::optional<std::int64_t> on_watermark(std::uint32_t channel, std::int64_t ts);
  // The channel ended; it holds the watermark back no more. The same answer.
  std::optional<std::int64_t> on_end(std::uint32_t channel);

  bool all_ended() const { return ended_ == channels_.size(); }

 private:
  std::optional<std::int64_t> advance();

  std::vector<std::int64_t> channels_;  // INT64_MIN: none yet, INT64_MAX: ended
  std::uint32_t ended_ = 0;
  std::int64_t watermark_ = INT64_MIN;
};

}  // namespace sage::flow
