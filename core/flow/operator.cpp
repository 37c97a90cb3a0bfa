#include "flow/operator.hpp"

#include "base/hash.hpp"
#include "flow/partitioner.hpp"

#include <algorithm>
#include <bit>

namespace sage::flow {

namespace {

constexpr std::uint32_t kIdleCallsMax = 10'000;
// A source that says "go on" so often and gives nothing counts as idle.
constexpr std::uint32_t kEmptyPollsMax = 1000;

RecordErrors::Config error_config(const plugin::InstanceSpec& instance, const OperatorSpec& spec) {
  return {instance.on_error, instance.stage, instance.subtask, instance.inputs, spec.letter};
}

Backoff backoff_of(const plugin::InstanceSpec& instance, const Retry& retry) {
  return {retry, hash64(instance.stage) + instance.subtask};
}

}  // namespace

Operator::Operator(OperatorSpec spec, const TaskContext& context)
    : instance_(std::move(spec.instance)),
      role_(instance_->role()),
      at_(context),
      keys_(std::move(spec.keys)),
      output_(std::make_unique<Output>(*at_.pool, instance_->spec().outputs, at_.batch_records,
                                       role_ == Role::kSource)),
      errors_(error_config(instance_->spec(), spec), *at_.pool, *at_.clock, at_.batch_records),
      backoff_(backoff_of(instance_->spec(), spec.retry)) {}

Error Operator::failure(std::string_view what, ErrorKind kind) const {
  const plugin::InstanceSpec& spec = instance_->spec();
  Error error{kind, "E0602",
              "stage `" + spec.stage + "`, instance " + std::to_string(spec.subtask) + " (" +
                  spec.op.plugin->id + "/" + spec.op.info->id + "): " + std::string(what),
              "", std::nullopt};
  error.stage = spec.stage;
  error.instance = spec.subtask;
  return error;
}

void Operator::pass_on(const Event& event, std::vector<Emitted>& out) const {
  const auto ports = static_cast<std::uint32_t>(instance_->spec().outputs.size());
  for (std::uint32_t port = 0; port < ports; ++port)
    out.push_back({port, event});
  out.push_back({kErrorPort, event});
}

void Operator::count_out(const std::vector<Emitted>& out, std::size_t from) {
  for (std::size_t i = from; i < out.size(); ++i) {
    const auto* batch = std::get_if<BatchRef>(&out[i].event);
    if (batch == nullptr || out[i].port == kErrorPort)
      continue;
    counters_.records_out.add((*batch)->size());
    counters_.bytes_out.add((*batch)->bytes);
    if (role_ == Role::kSource) {
      counters_.records_in.add((*batch)->size());
      counters_.processed.add((*batch)->size());
    }
  }
}

// What every call has in common: its outputs count only if it succeeded. A record error that ends
// the job says more than the status of the call that it ended.
Result<bool> Operator::settle(sage_status status, std::vector<Emitted>& out) {
  const Batch* batch = current_ ? &*current_ : nullptr;
  retry_at_ns_ = 0;
  std::vector<plugin::Rejection>& rejections = instance_->rejections();
  if (!output_->misuse().empty()) {
    output_->drop();
    return failure("its plugin broke the rules: " + output_->misuse());
  }
  if (status < 0 && !(errors_.fails() && !rejections.empty())) {
    output_->drop();
    if (status == SAGE_E_RETRY)
      return try_again(out);
    const std::string message = instance_->error_message();
    return failure("the call failed: " + (message.empty() ? "no message" : message),
                   status == SAGE_E_IO ? ErrorKind::kIo : ErrorKind::kFailed);
  }
  const auto rejected = static_cast<std::uint32_t>(rejections.size());
  SAGE_CHECK(check_progress(status));
  const std::size_t from = out.size();
  SAGE_CHECK(errors_.handle(batch, current_input_, rejections, counters_, out));
  rejected_ += rejected;
  if (role_ == Role::kSource)
    counters_.records_in.add(rejected);
  output_->take(out);
  count_out(out, from);
  more_ = status == SAGE_MORE;
  backoff_.reset();
  return true;
}

Result<bool> Operator::try_again(std::vector<Emitted>& out) {
  const std::string rule = "its plugin broke the rules: it asked to try again after it had ";
  if (more_)
    return failure(rule + "answered MORE");
  if (instance_->touched_state())
    return failure(rule + "touched keyed state");
  if (const auto wait_ns = backoff_.next_ns()) {
    counters_.retries.add(1);
    retry_at_ns_ = later(at_.clock->now_ns(), *wait_ns);
    return false;
  }
  const std::int64_t tries = 1 + backoff_.used();
  backoff_.reset();
  const std::string message =
      (tries == 1 ? "the call asked to be tried again, and the stage has no `retry`: "
                  : "the call failed " + std::to_string(tries) + " times, at last with: ") +
      instance_->error_message();
  if (!current_)
    return failure(message);
  SAGE_CHECK(reject_all(message, out));
  return true;
}

// MORE for ever and nothing to show for it is a plugin that waits for room it cannot get.
Status Operator::check_progress(sage_status status) {
  if (status != SAGE_MORE || output_->emitted() > 0 || !instance_->rejections().empty()) {
    idle_calls_ = 0;
  } else if (++idle_calls_ == kIdleCallsMax) {
    return failure("its plugin answered MORE " + std::to_string(kIdleCallsMax) +
                   " times in a row and neither emitted nor rejected anything");
  }
  return Ok{};
}

Status Operator::reject_all(std::string message, std::vector<Emitted>& out) {
  const std::uint32_t size = current_->size();
  if (errors_.fails() && size > 1)
    message += "; the record shown is the first of the " + std::to_string(size) + " of the call";
  std::vector<plugin::Rejection> all;
  for (std::uint32_t i = 0; i < size; ++i)
    all.push_back({i, SAGE_E_RETRY, i == 0 || !errors_.fails() ? message : "", ""});
  rejected_ = size;
  return errors_.handle(&*current_, current_input_, all, counters_, out);
}

Status Operator::step(std::vector<Emitted>& out) {
  if (current_)
    return work_on_batch(out);
  if (marking_)
    return on_watermark(out);
  if (finishing_)
    return finish(out);
  Pending next = std::move(pending_.front());
  pending_.pop_front();
  if (auto* batch = std::get_if<BatchRef>(&next.event)) {
    return take_batch(std::move(*batch), next.input, out);
  }
  if (const auto* mark = std::get_if<Watermark>(&next.event))
    return on_mark(*mark, out);
  if (const auto* barrier = std::get_if<Barrier>(&next.event)) {
    begin_epoch(*barrier, out);
    return Ok{};
  }
  finishing_ = true;
  return Ok{};
}

void Operator::begin_epoch(Barrier barrier, std::vector<Emitted>& out) {
  counters_.barriers.add(1);
  pass_on(barrier, out);
}

// One that only says that the stream has gone idle, or is back, is not the plugin's business.
Status Operator::on_mark(Watermark mark, std::vector<Emitted>& out) {
  if (mark.ts <= watermark_) {
    pass_on(mark, out);
    return Ok{};
  }
  watermark_ = mark.ts;
  marking_ = mark;
  return on_watermark(out);
}

Status Operator::take_batch(BatchRef batch, std::uint32_t input, std::vector<Emitted>& out) {
  counters_.records_in.add(batch->size());
  counters_.bytes_in.add(batch->bytes);
  if (!batch->rejections.empty()) {  // a custom partitioner's record errors
    std::vector<plugin::Rejection> rejections = std::move(batch->rejections);
    return errors_.handle(&*batch, input, rejections, counters_, out);
  }
  if (role_ == Role::kSink && at_.limit != nullptr) {
    take_limited(batch);
    if (!batch)
      return Ok{};
  }
  current_ = std::move(batch);
  current_input_ = input;
  rejected_ = 0;
  if (keys_)
    assign_keys(*at_.pool, current_, *keys_);
  return work_on_batch(out);
}

Status Operator::work_on_batch(std::vector<Emitted>& out) {
  SAGE_CHECK(role_ == Role::kTransform ? transform(out)
             : role_ == Role::kFilter  ? filter(out)
                                       : write(out));
  if (!more_ && retry_at_ns_ == 0)
    current_.reset();
  return Ok{};
}

// Nothing is left of the batch where no row may be taken.
void Operator::take_limited(BatchRef& batch) {
  const std::uint64_t room = at_.limit->take(batch->size());
  counters_.filtered.add(batch->size() - room);
  if (room == 0) {
    batch.reset();
  } else if (room < batch->size()) {
    rows_.clear();
    for (std::uint32_t i = 0; i < room; ++i)
      rows_.push_back(batch->at(i));
    narrow(*at_.pool, batch, rows_, false);
  }
}

sage_batch Operator::current_view() const {
  const plugin::InstanceSpec& spec = instance_->spec();
  const bool edits = (spec.op.op->traits & SAGE_TRAIT_IN_PLACE) != 0;
  return view(current_, current_input_, watermark_, {edits, !spec.keys.empty()});
}

// Why the batch may not be handed on as the plugin said; empty: it may.
std::string Operator::wrong_to_hand_on(sage_status status, bool first) const {
  const plugin::InstanceSpec& spec = instance_->spec();
  if (spec.outputs.empty() || spec.inputs[current_input_]->id() != spec.outputs[0]->id())
    return "its output has another schema";
  if (!first || output_->emitted() > 0 || rejected_ > 0 || !instance_->rejections().empty())
    return "it has emitted or rejected something, or answered MORE, before";
  if (status == SAGE_IN_PLACE && (current_view_.flags & SAGE_BATCH_WRITABLE) == 0)
    return "it edited a batch that is not its own";
  return "";
}

Status Operator::transform(std::vector<Emitted>& out) {
  const bool first = !more_;
  output_->begin();
  if (first)
    current_view_ = current_view();
  const sage_status status =
      instance_->process(first ? &current_view_ : nullptr, output_->c_table());
  const bool hands_on = status == SAGE_FORWARD || status == SAGE_IN_PLACE;
  if (hands_on) {
    if (const std::string wrong = wrong_to_hand_on(status, first); !wrong.empty())
      return failure("its plugin handed the batch on, but " + wrong);
  }
  SAGE_TRY(const bool settled, settle(status, out));
  if (settled && !more_)
    counters_.processed.add(current_->size() - rejected_);
  if (hands_on)
    hand_on(out);
  return Ok{};
}

Status Operator::filter(std::vector<Emitted>& out) {
  const std::uint32_t size = current_->size();
  keep_.assign((size + 63) / 64, 0);
  const sage_batch in = current_view();
  output_->begin();
  const sage_status status = instance_->select(&in, keep_.data());
  for (const plugin::Rejection& r : instance_->rejections())
    keep_[r.index / 64] &= ~(1ull << (r.index % 64));
  SAGE_TRY(const bool settled, settle(status, out));
  rows_.clear();
  for (std::size_t w = 0; w < keep_.size(); ++w) {
    for (std::uint64_t bits = keep_[w]; bits != 0; bits &= bits - 1) {
      rows_.push_back(static_cast<std::uint32_t>(64 * w) +
                      static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
  while (!rows_.empty() && rows_.back() >= size)
    rows_.pop_back();
  if (!settled || status != SAGE_OK)
    return Ok{};  // all of them were rejected, or the call is to be repeated
  counters_.filtered.add(size - rejected_ - rows_.size());
  counters_.processed.add(rows_.size());
  if (rows_.empty())
    return Ok{};
  if (rows_.size() < size) {
    if (current_->selects) {
      for (std::uint32_t& row : rows_)
        row = current_->at(row);
    }
    narrow(*at_.pool, current_, rows_, selects_);
  }
  hand_on(out);
  return Ok{};
}

void Operator::hand_on(std::vector<Emitted>& out) {
  if (current_->selects && !selects_)
    narrow(*at_.pool, current_, current_->selection, false);
  out.push_back({0, std::move(current_)});
  count_out(out, out.size() - 1);
}

void Operator::forget_unfinished() {
  counters_.records_in.add(counters_.accounted() - counters_.records_in.get());  // modulo 2^64
}

bool Operator::takes_selections() const {
  return (instance_->spec().op.op->traits & SAGE_TRAIT_SELECTION) != 0 && !keys_;
}

Status Operator::write(std::vector<Emitted>& out) {
  output_->begin();
  const sage_batch in = current_view();
  SAGE_TRY(const bool settled, settle(instance_->write(&in), out));
  if (settled)
    counters_.processed.add(current_->size() - rejected_);
  return Ok{};
}

Status Operator::on_watermark(std::vector<Emitted>& out) {
  if (role_ == Role::kTransform) {
    output_->begin();
    const sage_status status = instance_->on_watermark(marking_->ts, output_->c_table());
    SAGE_TRY(const bool settled, settle(status, out));
    if (!settled || more_)
      return Ok{};
  }
  pass_on(*marking_, out);
  marking_.reset();
  return Ok{};
}

Status Operator::finish(std::vector<Emitted>& out) {
  output_->begin();
  const sage_status status = instance_->finish(output_->c_table());
  SAGE_TRY(const bool settled, settle(status, out));
  if (!settled || more_)
    return Ok{};
  if (role_ == Role::kSink) {
    if (Status prepared = instance_->prepare(); !prepared) {
      Error error = failure("could not make its output durable: " + prepared.error().message,
                            prepared.error().kind);
      error.code = "E0605";
      return error;
    }
  }
  finishing_ = false;
  ended_ = true;
  pass_on(End{}, out);
  return Ok{};
}

void Operator::end() {
  if (finishing_ || ended_)
    return;
  finishing_ = true;
  retry_at_ns_ = 0;
  backoff_.reset();
}

Status Operator::poll(std::vector<Emitted>& out) {
  if (finishing_)
    return finish(out);
  output_->begin();
  const sage_status status = instance_->poll(at_.batch_records, output_->c_table());
  const std::size_t before = out.size();
  const std::uint64_t read = counters_.records_in.get();
  SAGE_TRY(const bool settled, settle(status, out));
  more_ = false;  // each poll is a call by itself
  idle_ = false;
  if (!settled)
    return Ok{};
  const bool nothing = out.size() == before && counters_.records_in.get() == read;
  empty_polls_ = nothing ? empty_polls_ + 1 : 0;
  idle_ = status == SAGE_IDLE || (status != SAGE_END && empty_polls_ > kEmptyPollsMax);
  finishing_ = status == SAGE_END;
  return Ok{};
}

}  // namespace sage::flow
