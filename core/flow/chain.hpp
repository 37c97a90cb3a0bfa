#pragma once
// The fused operators of one task. Events move from operator to operator by direct hand-over; the
// deepest operator with work goes first, so that what is held between them stays small. The last
// operator's ports, and every operator's dead letters, leave by outlets. Used by the task thread.

#include "flow/operator.hpp"
#include "flow/outlet.hpp"

#include <cstdint>
#include <memory>
#include <vector>

namespace sage::flow {

class Chain {
 public:
  // The operators in order; each feeds input 0 of the next one by its port 0.
  Chain(std::vector<OperatorSpec> specs, const TaskContext& context);

  // An outlet of `port` (or kErrorPort) of operator `op`. Before the chain runs.
  void add_outlet(std::uint32_t op, std::uint32_t port, std::unique_ptr<Outlet> outlet);

  // Moves waiting events out; true: every outlet is clear. No step, no poll while not.
  bool flush();
  // As Outlet's, over all outlets.
  bool wait_for_credit();
  // Sends the batches that the outlets still fill up; false: there were none.
  bool close_batches();
  // The same for those that have waited for the linger.
  void close_old_batches(std::int64_t now_ns);
  // One call of the deepest operator that has work; false: none has, or retry_at_ns() says when one
  // is to be repeated before the others.
  Result<bool> step();
  // After step(): 0, or the time (monotonic ns) before which nothing is to be called.
  std::int64_t retry_at_ns() const { return retry_at_ns_; }
  // An event for the first operator.
  void offer(std::uint32_t input, Event event) {
    operators_.front()->offer(input, std::move(event));
  }
  // Chains that begin with a source.
  Status poll();
  Status send_barrier(Barrier barrier);
  void end_source() { operators_.front()->end(); }
  bool ended() const { return operators_.back()->ended(); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(operators_.size()); }
  Operator& at(std::uint32_t op) { return *operators_[op]; }
  const Operator& at(std::uint32_t op) const { return *operators_[op]; }
  std::uint64_t records_sent() const;

 private:
  struct Exit {
    std::uint32_t op;
    std::uint32_t port;
    std::unique_ptr<Outlet> outlet;
  };
  // Hands what operator `op` emitted to the next one, or to the outlets; stops at an outlet that
  // is not clear and goes on there after flush().
  Status route();
  Result<bool> send_out(std::uint32_t port, Event event);

  std::vector<std::unique_ptr<Operator>> operators_;
  std::vector<Exit> exits_;
  std::vector<Emitted> emitted_;  // by operator `from_`
  std::size_t routed_ = 0;        // so many of emitted_ are handed on
  std::uint32_t from_ = 0;
  std::int64_t retry_at_ns_ = 0;
  std::int64_t linger_ns_;
  std::int64_t looked_at_ns_;  // for old batches
};

}  // namespace sage::flow
