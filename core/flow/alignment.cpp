#include "flow/alignment.hpp"

#include "base/assert.hpp"

#include <algorithm>

namespace sage::flow {

Alignment::Alignment(std::uint32_t channels) : channels_(channels, INT64_MIN) {}

std::optional<std::int64_t> Alignment::on_watermark(std::uint32_t channel, std::int64_t ts) {
  SAGE_ASSERT(channels_[channel] != INT64_MAX);
  channels_[channel] = std::max(channels_[channel], std::min(ts, INT64_MAX - 1));
  return advance();
}

std::optional<std::int64_t> Alignment::on_end(std::uint32_t channel) {
  SAGE_ASSERT(channels_[channel] != INT64_MAX);
  channels_[channel] = INT64_MAX;
  ++ended_;
  return all_ended() ? std::nullopt : advance();  // the end itself implies the largest
}

std::optional<std::int64_t> Alignment::advance() {
  const std::int64_t least = *std::min_element(channels_.begin(), channels_.end());
  if (least <= watermark_)
    return std::nullopt;
  watermark_ = least;
  return least;
}

}  // namespace sage::flow
