#include "flow/chain.hpp"

#include "base/assert.hpp"

#include <utility>

namespace sage::flow {

Chain::Chain(std::vector<OperatorSpec> specs, const TaskContext& context)
    : linger_ns_(context.linger_ns), looked_at_ns_(context.clock->now_ns()) {
  for (OperatorSpec& spec : specs) {
    operators_.push_back(std::make_unique<Operator>(std::move(spec), context));
  }
  for (std::size_t i = 0; i + 1 < operators_.size(); ++i) {
    if (operators_[i + 1]->takes_selections())
      operators_[i]->hand_on_selections();
  }
}

void Chain::add_outlet(std::uint32_t op, std::uint32_t port, std::unique_ptr<Outlet> outlet) {
  exits_.push_back({op, port, std::move(outlet)});
}

bool Chain::flush() {
  bool clear = true;
  for (Exit& exit : exits_)
    clear = exit.outlet->flush() && clear;
  return clear;
}

bool Chain::wait_for_credit() {
  bool any = false;
  for (Exit& exit : exits_)
    any = exit.outlet->wait_for_credit() || any;
  return any;
}

bool Chain::close_batches() {
  bool any = false;
  for (Exit& exit : exits_)
    any = exit.outlet->close() || any;
  return any;
}

// What was under way at one look leaves with the next.
void Chain::close_old_batches(std::int64_t now_ns) {
  if (linger_ns_ == 0) {
    close_batches();
  } else if (now_ns - looked_at_ns_ >= linger_ns_ / 2) {
    looked_at_ns_ = now_ns;
    for (Exit& exit : exits_)
      exit.outlet->close_old();
  }
}

// To every outlet of the port; the last one may then be the only holder of a batch. False: one is
// not clear.
Result<bool> Chain::send_out(std::uint32_t port, Event event) {
  Outlet* last = nullptr;
  bool clear = true;
  for (Exit& exit : exits_) {
    if (exit.op != from_ || exit.port != port)
      continue;
    if (last != nullptr) {
      SAGE_CHECK(last->push(event));
      clear = last->flush() && clear;
    }
    last = exit.outlet.get();
  }
  if (last == nullptr)
    return true;
  SAGE_CHECK(last->push(std::move(event)));
  return last->flush() && clear;
}

Status Chain::route() {
  for (; routed_ < emitted_.size(); ++routed_) {
    Emitted& emitted = emitted_[routed_];
    if (emitted.port != kErrorPort && from_ + 1 < operators_.size()) {
      operators_[from_ + 1]->offer(0, std::move(emitted.event));
      continue;
    }
    SAGE_TRY(const bool clear, send_out(emitted.port, std::exchange(emitted.event, End{})));
    if (!clear) {
      ++routed_;
      return Ok{};
    }
  }
  emitted_.clear();
  routed_ = 0;
  return Ok{};
}

Result<bool> Chain::step() {
  if (routed_ < emitted_.size()) {
    SAGE_CHECK(route());
    return true;
  }
  emitted_.clear();
  routed_ = 0;
  retry_at_ns_ = 0;
  for (std::uint32_t i = size(); i-- > 0;) {
    if (operators_[i]->backs_off()) {
      retry_at_ns_ = operators_[i]->retry_at_ns();
      return false;
    }
    if (!operators_[i]->has_work() || operators_[i]->role() == Role::kSource)
      continue;
    from_ = i;
    SAGE_CHECK(operators_[i]->step(emitted_));
    SAGE_CHECK(route());
    return true;
  }
  return false;
}

Status Chain::poll() {
  SAGE_ASSERT(emitted_.empty());
  from_ = 0;
  SAGE_CHECK(operators_.front()->poll(emitted_));
  return route();
}

Status Chain::send_barrier(Barrier barrier) {
  SAGE_ASSERT(emitted_.empty());
  from_ = 0;
  operators_.front()->begin_epoch(barrier, emitted_);
  return route();
}

std::uint64_t Chain::records_sent() const {
  std::uint64_t total = 0;
  for (const Exit& exit : exits_)
    total += exit.outlet->records_sent();
  return total;
}

}  // namespace sage::flow
