#pragma once
// One operator instance inside a chain: feeds it events in order, settles what each call leaves
// (outputs, rejections, failures) and counts. Used by the task thread; owns the instance.

#include "flow/backoff.hpp"
#include "flow/record_errors.hpp"
#include "schema/key.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace sage::flow {

using plugin::Role;

// Rows that the sinks of a job may still take, all of them together. [any]
class RowLimit {
 public:
  // `reached` is called once, by whoever takes the last row.
  RowLimit(std::uint64_t rows, std::function<void()> reached)
      : limited_(rows != UINT64_MAX), left_(rows), reached_(std::move(reached)) {}
  // How many of `rows` may be taken.
  std::uint64_t take(std::uint64_t rows);

 private:
  bool limited_;
  std::atomic<std::uint64_t> left_;
  std::function<void()> reached_;
};

// What an operator shares with the others of its task.
struct TaskContext {
  BatchPool* pool = nullptr;
  const Clock* clock = nullptr;
  std::uint32_t batch_records = 4096;
  RowLimit* limit = nullptr;
  std::int64_t linger_ns = 1'000'000;  // a row waits so long at most for its batch to fill up
};

struct OperatorSpec {
  std::unique_ptr<plugin::Instance> instance;
  schema::SchemaPtr letter;                  // schema of dead letters
  std::optional<schema::KeyExtractor> keys;  // of a keyed edge inside the chain
  Retry retry;
};

class Operator {
 public:
  Operator(OperatorSpec spec, const TaskContext& context);

  void offer(std::uint32_t input, Event event) { pending_.push_back({input, std::move(event)}); }
  bool has_work() const { return current_ || marking_ || finishing_ || !pending_.empty(); }
  // A call answered RETRY and is repeated then (monotonic ns), by step() or poll(); nothing is to
  // be called before. 0: none.
  std::int64_t retry_at_ns() const { return retry_at_ns_; }
  bool backs_off() const { return retry_at_ns_ != 0 && at_.clock->now_ns() < retry_at_ns_; }
  // One call into the plugin, at most; what comes out is appended to `out`. Errors fail the task.
  Status step(std::vector<Emitted>& out);
  // Sources: one poll. Afterwards idle() says whether it had nothing, ended() whether that is all.
  Status poll(std::vector<Emitted>& out);
  // It takes batches with a selection. Keys made here are made for every record.
  bool takes_selections() const;
  // Whoever reads port 0 does. Before it runs.
  void hand_on_selections() { selects_ = true; }
  // Sources: no poll comes any more, not even one that was to be repeated; the next ones finish.
  void end();
  // Sources: between two polls.
  void begin_epoch(Barrier barrier, std::vector<Emitted>& out);

  // Of a job that failed: what was taken in and is not accounted for is not counted, so that the
  // sum holds. [task], after its last call.
  void forget_unfinished();

  bool ended() const { return ended_; }  // End was handled and passed on
  bool idle() const { return idle_; }
  Role role() const { return role_; }
  plugin::Instance& instance() { return *instance_; }
  const plugin::Instance& instance() const { return *instance_; }
  const Counters& counters() const { return counters_; }

 private:
  struct Pending {
    std::uint32_t input;
    Event event;
  };
  Status take_batch(BatchRef batch, std::uint32_t input, std::vector<Emitted>& out);
  Status work_on_batch(std::vector<Emitted>& out);
  Status transform(std::vector<Emitted>& out);
  sage_batch current_view() const;
  Status filter(std::vector<Emitted>& out);
  void hand_on(std::vector<Emitted>& out);
  Status write(std::vector<Emitted>& out);
  void take_limited(BatchRef& batch);
  Status on_mark(Watermark mark, std::vector<Emitted>& out);
  Status on_watermark(std::vector<Emitted>& out);
  Status finish(std::vector<Emitted>& out);
  // False: the call is to be repeated, and nothing came of it.
  Result<bool> settle(sage_status status, std::vector<Emitted>& out);
  Result<bool> try_again(std::vector<Emitted>& out);
  Status check_progress(sage_status status);
  std::string wrong_to_hand_on(sage_status status, bool first) const;
  Status reject_all(std::string message, std::vector<Emitted>& out);
  void count_out(const std::vector<Emitted>& out, std::size_t from);
  void pass_on(const Event& event, std::vector<Emitted>& out) const;
  Error failure(std::string_view what, ErrorKind kind = ErrorKind::kFailed) const;

  std::unique_ptr<plugin::Instance> instance_;
  Role role_;
  TaskContext at_;
  std::optional<schema::KeyExtractor> keys_;
  std::unique_ptr<Output> output_;
  RecordErrors errors_;
  Counters counters_;
  std::deque<Pending> pending_;
  BatchRef current_;           // in hand; stays while a call answers MORE or is to be repeated
  sage_batch current_view_{};  // of current_; the plugin may keep a pointer to it while MORE
  std::uint32_t current_input_ = 0;
  std::int64_t watermark_ = SAGE_NO_TS;
  std::vector<std::uint64_t> keep_;
  std::vector<std::uint32_t> rows_;
  bool selects_ = false;
  bool more_ = false;                 // the last call of the same kind answered MORE
  std::optional<Watermark> marking_;  // one that on_watermark is not through with
  std::uint32_t rejected_ = 0;        // records of current_
  std::uint32_t idle_calls_ = 0;      // in a row that answered MORE and did nothing
  std::uint32_t empty_polls_ = 0;     // in a row that gave nothing
  Backoff backoff_;
  std::int64_t retry_at_ns_ = 0;
  bool finishing_ = false;  // End has come, finish() is not through
  bool ended_ = false;
  bool idle_ = false;
};

}  // namespace sage::flow
