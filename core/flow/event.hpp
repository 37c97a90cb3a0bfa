#pragma once
// Everything on the data path is one Event. Control events travel in band: their place between the
// batches is their meaning.

#include "flow/batch.hpp"

#include <cstdint>
#include <variant>

namespace sage::flow {

// No later record has a timestamp below `ts`.
struct Watermark {
  std::int64_t ts;
};

// The last event of a channel.
struct End {};

using Event = std::variant<BatchRef, Watermark, End>;

}  // namespace sage::flow
