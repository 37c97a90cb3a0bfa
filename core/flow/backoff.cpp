#include "flow/backoff.hpp"

#include <algorithm>

namespace sage::flow {

std::optional<std::int64_t> Backoff::next_ns() {
  if (used_ == retry_.times)
    return std::nullopt;
  std::int64_t wait = retry_.backoff_ns;
  for (std::int64_t i = 0; i < used_ && wait > 0 && wait < retry_.max_ns; ++i)
    wait = wait > retry_.max_ns / 2 ? retry_.max_ns : 2 * wait;
  wait = std::min(wait, retry_.max_ns);
  ++used_;
  const std::int64_t half = wait / 2;
  return wait - static_cast<std::int64_t>(random() % (static_cast<std::uint64_t>(half) + 1));
}

// SplitMix64.
std::uint64_t Backoff::random() {
  random_ += 0x9e3779b97f4a7c15u;
  std::uint64_t mixed = random_;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
  return mixed ^ (mixed >> 31);
}

}  // namespace sage::flow
