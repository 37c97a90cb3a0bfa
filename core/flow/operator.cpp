#include "flow/operator.hpp"

#include "flow/partitioner.hpp"

#include <algorithm>
#include <bit>

namespace sage::flow {

namespace {

RecordErrors::Config error_config(const plugin::InstanceSpec& instance, const OperatorSpec& spec) {
  return {spec.on_error, instance.stage, instance.subtask,
          instance.inputs.empty() ? nullptr : instance.inputs[0], spec.letter};
}

}  // namespace

Operator::Operator(OperatorSpec spec, const Surroundings& surroundings)
    : instance_(std::move(spec.instance)),
      role_(spec.role),
      at_(surroundings),
      keys_(std::move(spec.keys)),
      output_(std::make_unique<Output>(*at_.pool, instance_->spec().outputs, at_.batch_records)),
      errors_(error_config(instance_->spec(), spec), *at_.pool, *at_.clock, at_.batch_records) {}

Error Operator::failure(std::string_view what) const {
  const plugin::InstanceSpec& spec = instance_->spec();
  Error error{ErrorKind::kFailed, "E0602",
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
    counters_.records_out.add((*batch)->count);
    counters_.bytes_out.add((*batch)->bytes);
    if (role_ == Role::kSource)
      counters_.records_in.add((*batch)->count);
  }
}

// What every call has in common: its outputs count only if it succeeded.
Status Operator::settle(sage_status status, std::vector<Emitted>& out) {
  const Batch* batch = current_ ? &*current_ : nullptr;
  std::vector<plugin::Rejection>& rejections = instance_->rejections();
  if (!output_->misuse().empty()) {
    output_->drop();
    return failure("its plugin broke the rules: " + output_->misuse());
  }
  if (status < 0 && !(status == SAGE_E_CANCELLED && !rejections.empty())) {
    output_->drop();
    const std::string message = instance_->error_message();
    if (status == SAGE_E_RETRY && batch != nullptr)
      return reject_all(message, out);
    return failure("the call failed: " + (message.empty() ? "no message" : message));
  }
  const std::size_t from = out.size();
  SAGE_CHECK(errors_.handle(batch, rejections, counters_, out));
  output_->take(out);
  count_out(out, from);
  return Ok{};
}

Status Operator::reject_all(const std::string& message, std::vector<Emitted>& out) {
  std::vector<plugin::Rejection> all;
  for (std::uint32_t i = 0; i < current_->count; ++i) {
    all.push_back({i, SAGE_E_RETRY, message, ""});
  }
  return errors_.handle(&*current_, all, counters_, out);
}

Status Operator::step(std::vector<Emitted>& out) {
  if (more_)
    return transform(out, false);
  if (finishing_)
    return finish(out);
  Pending next = std::move(pending_.front());
  pending_.pop_front();
  if (auto* batch = std::get_if<BatchRef>(&next.event)) {
    return take_batch(std::move(*batch), next.input, out);
  }
  if (const auto* mark = std::get_if<Watermark>(&next.event))
    return on_watermark(mark->ts, out);
  finishing_ = true;
  return Ok{};
}

Status Operator::take_batch(BatchRef batch, std::uint32_t input, std::vector<Emitted>& out) {
  if (role_ == Role::kSink && at_.limit != nullptr) {
    const std::uint64_t room = std::min<std::uint64_t>(at_.limit->left, batch->count);
    at_.limit->left -= room;
    if (room < batch->count)
      batch = slice(*at_.pool, batch, 0, static_cast<std::uint32_t>(room));
    if (room == 0)
      return Ok{};
  }
  counters_.records_in.add(batch->count);
  counters_.bytes_in.add(batch->bytes);
  current_ = std::move(batch);
  current_input_ = input;
  Status status = Ok{};
  if (!current_->rejections.empty()) {  // a custom partitioner's record errors
    std::vector<plugin::Rejection> rejections = std::move(current_->rejections);
    status = errors_.handle(&*current_, rejections, counters_, out);
  } else {
    if (keys_)
      assign_keys(*at_.pool, current_, *keys_);
    if (role_ == Role::kFilter) {
      status = filter(out);
    } else if (role_ == Role::kSink) {
      status = write(out);
    } else {
      return transform(out, true);
    }
  }
  current_.reset();
  return status;
}

Status Operator::transform(std::vector<Emitted>& out, bool first) {
  output_->begin();
  if (first)
    current_view_ = view(current_, current_input_, watermark_);
  const sage_status status =
      instance_->process(first ? &current_view_ : nullptr, output_->c_table());
  const bool hand_on = status == SAGE_FORWARD || status == SAGE_IN_PLACE;
  if (status > SAGE_IN_PLACE || (hand_on && instance_->spec().outputs.empty())) {
    return failure("its plugin answered with a verdict that a transform cannot give");
  }
  if (hand_on && !instance_->rejections().empty()) {
    return failure("its plugin rejected records of a batch that it handed on whole");
  }
  SAGE_CHECK(settle(status, out));
  more_ = status == SAGE_MORE;
  if (hand_on) {
    out.push_back({0, current_});
    count_out(out, out.size() - 1);
  }
  if (!more_)
    current_.reset();
  return Ok{};
}

Status Operator::filter(std::vector<Emitted>& out) {
  keep_.assign((current_->count + 63) / 64, 0);
  const sage_batch in = view(current_, current_input_, watermark_);
  output_->begin();
  const sage_status status = instance_->select(&in, keep_.data());
  std::uint64_t rejected = 0;
  for (const plugin::Rejection& r : instance_->rejections()) {
    keep_[r.index / 64] &= ~(1ull << (r.index % 64));
    ++rejected;
  }
  SAGE_CHECK(settle(status, out));
  rows_.clear();
  for (std::size_t w = 0; w < keep_.size(); ++w) {
    for (std::uint64_t bits = keep_[w]; bits != 0; bits &= bits - 1) {
      rows_.push_back(static_cast<std::uint32_t>(64 * w) +
                      static_cast<std::uint32_t>(std::countr_zero(bits)));
    }
  }
  while (!rows_.empty() && rows_.back() >= current_->count)
    rows_.pop_back();
  if (status != SAGE_OK)
    return Ok{};  // all of them were rejected
  counters_.filtered.add(current_->count - rejected - rows_.size());
  if (rows_.empty())
    return Ok{};
  const bool all = rows_.size() == current_->count;
  out.push_back({0, all ? current_ : select_rows(*at_.pool, current_, rows_)});
  count_out(out, out.size() - 1);
  return Ok{};
}

Status Operator::write(std::vector<Emitted>& out) {
  output_->begin();
  const sage_batch in = view(current_, current_input_, watermark_);
  return settle(instance_->write(&in), out);
}

Status Operator::on_watermark(std::int64_t ts, std::vector<Emitted>& out) {
  watermark_ = ts;
  if (role_ == Role::kTransform) {
    output_->begin();
    SAGE_CHECK(settle(instance_->on_watermark(ts, output_->c_table()), out));
  }
  pass_on(Watermark{ts}, out);
  return Ok{};
}

Status Operator::finish(std::vector<Emitted>& out) {
  output_->begin();
  const sage_status status = instance_->finish(output_->c_table());
  SAGE_CHECK(settle(status, out));
  if (status == SAGE_MORE)
    return Ok{};
  if (role_ == Role::kSink) {
    if (Status prepared = instance_->prepare(); !prepared) {
      Error error = failure("could not make its output durable: " + prepared.error().message);
      error.code = "E0605";
      return error;
    }
  }
  finishing_ = false;
  ended_ = true;
  pass_on(End{}, out);
  return Ok{};
}

Status Operator::poll(std::vector<Emitted>& out) {
  if (finishing_)
    return finish(out);
  output_->begin();
  const sage_status status = instance_->poll(at_.batch_records, output_->c_table());
  const std::uint64_t rejected = instance_->rejections().size();
  if (status == SAGE_FORWARD || status == SAGE_IN_PLACE || status > SAGE_END) {
    return failure("its plugin answered with a verdict that a source cannot give");
  }
  counters_.records_in.add(rejected);
  SAGE_CHECK(settle(status, out));
  idle_ = status == SAGE_IDLE;
  finishing_ = status == SAGE_END;
  return Ok{};
}

void Operator::end(std::vector<Emitted>& out) {
  idle_ = false;
  ended_ = true;
  pass_on(End{}, out);
}

}  // namespace sage::flow
