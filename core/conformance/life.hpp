#pragma once
// One instance of an operator with what it runs in: fed with batches or polled, its output held
// against its schemas. Every Status that is an Error is a failed check. One thread, but for
// interrupt().

#include "conformance/subject.hpp"
#include "flow/operator.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace sage::conformance {

class Life {
 public:
  // `pool` outlives it. `batch_records`: rows of an output batch, and asked of a source.
  static Result<std::unique_ptr<Life>> create(const Subject& subject, flow::BatchPool& pool,
                                              std::uint32_t batch_records = 4096);
  Status open() { return instance().open(); }
  void close() { instance().close(); }

  // Until it is worked off. The keys are made here.
  Status give(flow::BatchRef batch, std::uint32_t input = 0);
  // The same with every second record of it, as a selection.
  Status give_selection(flow::BatchRef batch, std::uint32_t input = 0);
  // Of a source: one call.
  Status poll();
  bool has_ended() const { return op_ != nullptr && op_->ended(); }
  // All input has ended; sinks prepare, too.
  Status finish();
  Status commit() { return instance().commit(); }
  void abort() { instance().abort(); }
  void interrupt() { instance().interrupt(); }  // [any]

  // Batches that came out since the last time, where they are wanted.
  void keep_output() { keeps_ = true; }
  std::vector<flow::BatchRef> take_output() { return std::exchange(output_, {}); }

 private:
  Life(const Subject& subject, flow::BatchPool& pool) : subject_(subject), pool_(pool) {}
  plugin::Instance& instance() { return op_ != nullptr ? op_->instance() : *partitioner_; }
  void assign_keys(flow::BatchRef& batch, std::uint32_t input) const;
  Status work_off();
  Status look_at_output();
  sage_batch in_view(const flow::BatchRef& batch, std::uint32_t input) const;
  Status route(const sage_batch& in);

  const Subject& subject_;
  flow::BatchPool& pool_;
  std::unique_ptr<flow::Operator> op_;
  std::unique_ptr<plugin::Instance> partitioner_;  // instead of op_
  bool keeps_ = false;
  std::vector<flow::Emitted> emitted_;
  std::vector<flow::BatchRef> output_;
};

}  // namespace sage::conformance
