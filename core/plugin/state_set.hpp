#pragma once
// The keyed states of one instance behind "sage.host.state/1": slots and blobs over
// state::KeyedState. Used by the instance's task; the sums may be read by anybody. Owns every byte,
// blobs too.

#include "base/result.hpp"

#include <sage/ext/state.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

namespace sage::plugin {

class StateSet {
 public:
  explicit StateSet(std::uint32_t key_groups);
  ~StateSet();
  // The state of this name, made when it is new. An Error says what is wrong with the request.
  Result<sage_state*> open(const sage_state_desc& theirs);
  std::uint64_t bytes() const { return bytes_.load(std::memory_order_relaxed); }  // [any]
  std::uint64_t keys() const { return keys_.load(std::memory_order_relaxed); }    // [any]

  // Since the last forget_touches() a state was asked for slots, or resized a blob.
  bool touched() const { return touched_; }
  void forget_touches() { touched_ = false; }

  // Called by the states: before they hand out what can be written, and when they grew.
  void touch() { touched_ = true; }
  void grew(std::uint64_t bytes, std::uint64_t keys);

 private:
  std::uint32_t key_groups_;
  std::vector<std::unique_ptr<sage_state>> states_;
  bool touched_ = false;
  std::atomic<std::uint64_t> bytes_{0};
  std::atomic<std::uint64_t> keys_{0};
};

// The parts of the service that know states alone.
sage_status state_slots(sage_state* state, const sage_batch* in, void** slot);
sage_status state_slot(sage_state* state, const sage_batch* in, std::uint32_t i, void** slot);
sage_status state_resize(sage_state* state, sage_blob* blob, std::uint32_t len);
std::uint32_t state_scan(sage_state* state, std::uint64_t* cursor, std::uint32_t n, sage_bytes* key,
                         void** slot);
std::uint64_t state_size(sage_state* state);

}  // namespace sage::plugin
