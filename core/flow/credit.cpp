#include "flow/credit.hpp"

namespace sage::flow {

namespace {

constexpr std::uint32_t kTellParts = 4;  // of the window

}  // namespace

bool Credit::admits(std::uint64_t pinned_bytes) const {
  const std::uint64_t back = back_batches_.load(std::memory_order_seq_cst);
  const std::uint64_t outstanding = spent_.batches - back;
  if (outstanding == 0)
    return true;
  const std::uint64_t bytes = spent_.bytes - back_bytes_.load(std::memory_order_relaxed);
  return outstanding < window_.batches && bytes + pinned_bytes <= window_.bytes;
}

void Credit::spend(std::uint64_t pinned_bytes) {
  ++spent_.batches;
  spent_.bytes += pinned_bytes;
}

void Credit::give_back(std::uint64_t pinned_bytes) {
  ++taken_.batches;
  taken_.bytes += pinned_bytes;
}

bool Credit::worth_telling() const {
  return taken_.batches - told_.batches >= window_.batches / kTellParts ||
         taken_.bytes - told_.bytes >= window_.bytes / kTellParts;
}

bool Credit::publish() {
  if (taken_.batches == told_.batches)
    return false;
  told_ = taken_;
  back_bytes_.store(told_.bytes, std::memory_order_relaxed);
  back_batches_.store(told_.batches, std::memory_order_seq_cst);
  return waiting_.load(std::memory_order_seq_cst) && waiting_.exchange(false);
}

}  // namespace sage::flow
