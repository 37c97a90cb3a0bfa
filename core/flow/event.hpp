#pragma once
// Everything on the data path is one Event. Control events travel in band: their place between the
// batches is their meaning.

#include "flow/batch.hpp"

#include <cstdint>
#include <variant>

namespace sage::flow {

// No later record has a timestamp below `ts`. Idle: besides, the channel has nothing to say for
// now, and holds nobody back until its next event.
struct Watermark {
  std::int64_t ts;
  bool idle = false;
};

// Between what belongs to checkpoint `epoch` and what comes after it. Epochs begin with 1 and grow.
struct Barrier {
  std::uint64_t epoch;
};

// The last event of a channel.
struct End {};

using Event = std::variant<BatchRef, Watermark, Barrier, End>;

}  // namespace sage::flow
